using System.Numerics.Tensors;
using LlamaProvider.Decoding.Model;
using Xunit;

namespace LlamaProvider.TestSupport.Conformance;

/// <summary>
/// What every runtime behind the seam must do. A runtime's test class inherits from this and names a model; the tests see the seam only.
/// </summary>
public abstract partial class ModelContextConformance
{
    /// <summary>A model that can do everything, with adapters <c>first</c> and <c>second</c>, shared by the tests.</summary>
    protected abstract ILanguageModel Model { get; }

    /// <summary>The largest difference between two logits that are equal but for the order of float operations.</summary>
    protected virtual float Tolerance => 0;

    /// <summary>Sizes that the tests below are written for.</summary>
    protected static ContextOptions Options { get; } = new()
    {
        ContextLength = 512,
        Sequences = 4,
        BatchTokens = 256,
        Outputs = 32,
        KeyType = KvCacheType.F32,
        ValueType = KvCacheType.F32,
        FlashAttention = FlashAttention.Off,
        Threads = 1,
    };

    /// <summary>A fixed text of the model's vocabulary, without control tokens.</summary>
    protected int[] Text(int length, int seed = 1)
    {
        int[] candidates = [.. Enumerable.Range(0, Model.Vocabulary.Count).Where(Model.Vocabulary.IsText)];
        uint state = (uint)seed;
        return
        [
            .. Enumerable.Range(0, length).Select(_ =>
            {
                state = (state * 1664525) + 1013904223;
                return candidates[(int)((state >> 8) % (uint)candidates.Length)];
            }),
        ];
    }

    /// <summary>Evaluates tokens at the end of a sequence and returns the logits after the last one.</summary>
    protected static float[] Append(IModelContext context, int sequence, params ReadOnlySpan<int> tokens)
    {
        var batch = new ModelBatch();
        int start = context.GetPositions(sequence).End;
        for (int i = 0; i < tokens.Length - 1; i++)
        {
            batch.Add(tokens[i], start + i, sequence);
        }

        int output = batch.AddOutput(tokens[^1], start + tokens.Length - 1, sequence);
        Assert.Equal(EvaluationStatus.Completed, context.Evaluate(batch));
        return context.GetLogits(output).ToArray();
    }

    /// <summary>The logits after <paramref name="tokens"/> in a context of their own.</summary>
    protected float[] Alone(params ReadOnlySpan<int> tokens)
    {
        using IModelContext context = Model.CreateContext(Options);
        return Append(context, 0, tokens);
    }

    protected void AssertSame(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        float[] differences = new float[expected.Length];
        TensorPrimitives.Subtract(expected, actual, differences);
        Assert.InRange(TensorPrimitives.MaxMagnitude<float>(differences), -Tolerance, Tolerance);
    }

    protected static void AssertDiffers(ReadOnlySpan<float> first, ReadOnlySpan<float> second) =>
        Assert.False(first.SequenceEqual(second), "The rows are equal, so the comparison proves nothing.");
}
