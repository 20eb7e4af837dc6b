using LlamaProvider.Decoding.Model;
using LlamaProvider.Native;

namespace LlamaProvider.Models.Memory;

/// <summary>From a model's sizes and a context's options to bytes.</summary>
/// <remarks>
/// Weights, keys, values and logits are counted. What llama.cpp computes on its way is the largest of what is alive at once in three places of its graph; the factors were found by fitting the buffer sizes that
/// v0.5.0 logs on a CPU for Llama models of three sizes with contexts of 512 to 8,192, 64 to 512 tokens a step, 20 to 512 outputs, F16, F32 and Q8_0 cells, with and without flash attention. With n tokens a step, C cells, width E,
/// feed-forward width F, h heads, keys k of a cell in one layer, o outputs and V tokens, in floats of four bytes:
/// <list type="bullet">
/// <item>feed-forward: n · (3F + 4E), with cells of other types than F16 n · (3F + 3E), beside the attention mask, n · C of 2 bytes with flash attention, else 4;</item>
/// <item>attention: n · (5E + 2k) beside the mask, and without flash attention n · C · h scores;</item>
/// <item>output: o · (V + 2E) + 2 · n · E.</item>
/// </list>
/// A mixture of experts is taken for a dense block as wide as all that work on a token; that was not measured.
/// </remarks>
internal static class MemoryFormula
{
    /// <summary>llama.cpp rounds a context up to a multiple of this.</summary>
    private const int CellBlock = 256;

    private const int Float = sizeof(float);

    public static MemoryEstimate Estimate(ModelShape shape, long weightBytes, ContextOptions options, bool evaluatesWholeTexts = false)
    {
        ContextSizes sizes = ContextSizes.Of(options, options.ContextLength ?? shape.ContextLength, evaluatesWholeTexts);
        long cells = (sizes.Length + CellBlock - 1) / CellBlock * CellBlock;
        return new MemoryEstimate
        {
            WeightBytes = weightBytes,
            KeyValueBytes = evaluatesWholeTexts ? 0 : (long)(cells * ((shape.Keys * KvMemoryEstimate.BytesPerValue(options.KeyType)) + (shape.Values * KvMemoryEstimate.BytesPerValue(options.ValueType)))),
            OutputBytes = (long)sizes.Outputs * shape.Vocabulary * Float,
            ComputeBytes = Math.Max(FeedForward(shape, options, sizes, cells), Math.Max(Attention(shape, options, sizes, cells), Output(shape, sizes))),
            IsComplete = !shape.HasRecurrentState && !shape.HasLatentAttention,
        };
    }

    private static long FeedForward(ModelShape shape, ContextOptions options, ContextSizes sizes, long cells)
    {
        long states = options.KeyType == KvCacheType.F16 ? 4 : 3;
        return (sizes.MicroBatchTokens * ((3L * shape.FeedForward) + (states * shape.Width)) * Float) + Mask(options, sizes, cells);
    }

    private static long Attention(ModelShape shape, ContextOptions options, ContextSizes sizes, long cells)
    {
        long scores = options.FlashAttention == FlashAttention.Off ? cells * shape.Heads : 0;
        return (sizes.MicroBatchTokens * ((5L * shape.Width) + (2L * shape.WidestKey) + scores) * Float) + Mask(options, sizes, cells);
    }

    private static long Output(ModelShape shape, ContextSizes sizes) =>
        ((sizes.Outputs * (shape.Vocabulary + (2L * shape.Width))) + (2L * sizes.MicroBatchTokens * shape.Width)) * Float;

    private static long Mask(ContextOptions options, ContextSizes sizes, long cells) =>
        sizes.MicroBatchTokens * cells * (options.FlashAttention == FlashAttention.Off ? Float : Float / 2);
}
