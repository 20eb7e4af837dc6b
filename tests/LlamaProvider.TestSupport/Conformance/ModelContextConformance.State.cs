using LlamaProvider.Decoding.Model;
using Xunit;

namespace LlamaProvider.TestSupport.Conformance;

// Saved state and hidden states.
public abstract partial class ModelContextConformance
{
    [Fact]
    public void State_SavedAndLoadedElsewhere_ContinuesExactly()
    {
        int[] text = Text(40);
        int next = Text(1, seed: 6)[0];
        using IModelContext context = Model.CreateContext(Options);
        Append(context, 0, text);
        var saved = new MemoryStream();
        context.SaveState(0, saved);
        float[] expected = Append(context, 0, next);

        context.Drop(0);
        Append(context, 1, Text(33, seed: 2));
        saved.Position = 0;
        context.LoadState(3, saved);

        Assert.Equal(new PositionRange(0, 40), context.GetPositions(3));
        AssertSame(expected, Append(context, 3, next));
    }

    [Fact]
    public void State_LoadedIntoAnotherContext_ContinuesExactly()
    {
        int[] text = Text(40);
        int next = Text(1, seed: 6)[0];
        var saved = new MemoryStream();
        using (IModelContext context = Model.CreateContext(Options))
        {
            Append(context, 2, text);
            context.SaveState(2, saved);
        }

        saved.Position = 0;
        using IModelContext other = Model.CreateContext(Options);
        other.LoadState(0, saved);

        AssertSame(Alone([.. text, next]), Append(other, 0, next));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(20)]
    [InlineData(-1)]
    public void State_CutShort_IsRefusedAndLeavesTheSequenceEmpty(int length)
    {
        using IModelContext context = Model.CreateContext(Options);
        Append(context, 0, Text(10));
        var saved = new MemoryStream();
        context.SaveState(0, saved);
        var cut = new MemoryStream(saved.ToArray(), 0, length < 0 ? (int)saved.Length + length : length);

        Assert.Throws<ModelContextException>(() => context.LoadState(1, cut));

        Assert.True(context.GetPositions(1).IsEmpty);
        Append(context, 1, Text(4));
    }

    [Fact]
    public void State_AnyByteChanged_IsRefused()
    {
        using IModelContext context = Model.CreateContext(Options);
        Append(context, 0, Text(3));
        var saved = new MemoryStream();
        context.SaveState(0, saved);
        byte[] bytes = saved.ToArray();
        int stride = Math.Max(1, bytes.Length / 97);
        for (int index = 0; index < bytes.Length; index += stride)
        {
            byte[] damaged = [.. bytes];
            damaged[index] ^= 0x40;

            Assert.Throws<ModelContextException>(() => context.LoadState(1, new MemoryStream(damaged)));
            Assert.True(context.GetPositions(1).IsEmpty);
        }
    }

    [Fact]
    public void HiddenStates_AcrossBatchShapes_AreEqual()
    {
        int[] text = Text(24);
        float[][] whole = HiddenStates(text, chunk: 24);
        float[][] single = HiddenStates(text, chunk: 1);
        float[][] uneven = HiddenStates(text, chunk: 7);

        Assert.Equal(Model.Description.HiddenSize, whole[0].Length);
        for (int i = 0; i < text.Length; i++)
        {
            AssertSame(whole[i], single[i]);
            AssertSame(whole[i], uneven[i]);
        }

        AssertDiffers(whole[0], whole[1]);
    }

    [Fact]
    public void HiddenStates_BesideLogits_ChangeNeither()
    {
        int[] text = Text(12);
        using IModelContext context = Model.CreateContext(Options);
        var batch = new ModelBatch { HiddenStates = true };
        for (int i = 0; i < text.Length - 1; i++)
        {
            batch.Add(text[i], i, 0);
        }

        int output = batch.AddOutput(text[^1], text.Length - 1, 0);
        Assert.Equal(EvaluationStatus.Completed, context.Evaluate(batch));

        AssertSame(Alone(text), context.GetLogits(output));
        AssertSame(HiddenStates(text, chunk: 12)[^1], context.GetHiddenState(output));

        // Switching hidden states off again must not change the next rows.
        int next = Text(1, seed: 2)[0];
        AssertSame(Alone([.. text, next]), Append(context, 0, next));
    }

    private float[][] HiddenStates(int[] text, int chunk)
    {
        using IModelContext context = Model.CreateContext(Options);
        var rows = new List<float[]>();
        var batch = new ModelBatch();
        for (int start = 0; start < text.Length; start += chunk)
        {
            batch.Clear();
            batch.HiddenStates = true;
            for (int i = start; i < Math.Min(start + chunk, text.Length); i++)
            {
                batch.AddOutput(text[i], i, 0);
            }

            Assert.Equal(EvaluationStatus.Completed, context.Evaluate(batch));
            for (int output = 0; output < batch.OutputCount; output++)
            {
                rows.Add(context.GetHiddenState(output).ToArray());
            }
        }

        return [.. rows];
    }
}
