using LlamaProvider.Decoding.Model;
using Xunit;

namespace LlamaProvider.TestSupport.Conformance;

// Positions, batches and what sequences share.
public abstract partial class ModelContextConformance
{
    [Fact]
    public void CountCells_SharedPrefixes_CountsEachCellOnce()
    {
        using IModelContext context = Model.CreateContext(Options);
        Append(context, 0, Text(20));
        context.Copy(0, 1, 12);
        Append(context, 1, Text(3, seed: 2));

        Assert.Equal((20, 15, 23), (context.CountCells([0]), context.CountCells([1]), context.CountCells([0, 1, 2])));
        Assert.Equal(Options.ContextLength - 23, context.FreeCells);
        Assert.Equal(0, context.CountCells([]));
        Assert.Throws<ModelContextException>(() => context.CountCells([4]));
    }

    [Fact]
    public void GetSharedEnd_CopiedThenTrimmedOrDropped_IsTheLongestSharedPrefix()
    {
        using IModelContext context = Model.CreateContext(Options);
        Append(context, 0, Text(20));
        Assert.Equal(0, context.GetSharedEnd(0));

        context.Copy(0, 1, 12);
        context.Copy(0, 2, 7);
        Assert.Equal((12, 12, 7), (context.GetSharedEnd(0), context.GetSharedEnd(1), context.GetSharedEnd(2)));

        context.Trim(1, 5);
        Assert.Equal((7, 5), (context.GetSharedEnd(0), context.GetSharedEnd(1)));
        context.Drop(2);
        Assert.Equal(5, context.GetSharedEnd(0));
        Assert.Throws<ModelContextException>(() => context.GetSharedEnd(4));
    }

    [Fact]
    public void Evaluate_Tokens_ExtendsPositions()
    {
        using IModelContext context = Model.CreateContext(Options);
        Assert.True(context.GetPositions(2).IsEmpty);

        Append(context, 2, Text(5));
        Append(context, 2, Text(3));

        Assert.Equal(new PositionRange(0, 8), context.GetPositions(2));
        Assert.True(context.GetPositions(1).IsEmpty);
    }

    [Fact]
    public void Evaluate_OutputsInBatch_AreReadInTheirOrder()
    {
        int[] text = Text(6);
        using IModelContext context = Model.CreateContext(Options);
        var batch = new ModelBatch();
        batch.Add(text[0], 0, 0);
        int second = batch.AddOutput(text[1], 1, 0);
        batch.Add(text[2], 2, 0);
        int fourth = batch.AddOutput(text[3], 3, 0);

        Assert.Equal(EvaluationStatus.Completed, context.Evaluate(batch));

        Assert.Equal((0, 1), (second, fourth));
        float[] rowOfSecond = context.GetLogits(second).ToArray();
        float[] rowOfFourth = context.GetLogits(fourth).ToArray();
        Assert.Equal(Model.Vocabulary.Count, rowOfSecond.Length);
        AssertSame(Alone(text[..2]), rowOfSecond);
        AssertSame(Alone(text[..4]), rowOfFourth);
        AssertDiffers(rowOfSecond, rowOfFourth);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    public void Evaluate_InChunks_EqualsOneBatch(int chunk)
    {
        int[] text = Text(64);
        using IModelContext context = Model.CreateContext(Options);
        float[] last = [];
        for (int start = 0; start < text.Length; start += chunk)
        {
            last = Append(context, 0, text.AsSpan(start, Math.Min(chunk, text.Length - start)));
        }

        AssertSame(Alone(text), last);
    }

    [Fact]
    public void Evaluate_SeveralSequencesInOneBatch_EqualsEachAlone()
    {
        int[][] texts = [Text(9, seed: 1), Text(14, seed: 2), Text(3, seed: 3)];
        using IModelContext context = Model.CreateContext(Options);
        var batch = new ModelBatch();
        int[] outputs = new int[texts.Length];
        for (int sequence = 0; sequence < texts.Length; sequence++)
        {
            for (int i = 0; i < texts[sequence].Length - 1; i++)
            {
                batch.Add(texts[sequence][i], i, sequence);
            }

            outputs[sequence] = batch.AddOutput(texts[sequence][^1], texts[sequence].Length - 1, sequence);
        }

        Assert.Equal(EvaluationStatus.Completed, context.Evaluate(batch));

        for (int sequence = 0; sequence < texts.Length; sequence++)
        {
            AssertSame(Alone(texts[sequence]), context.GetLogits(outputs[sequence]));
        }
    }

    [Fact]
    public void Evaluate_TokenOfSeveralSequences_EqualsOneTokenEach()
    {
        int[] text = Text(8);
        using IModelContext context = Model.CreateContext(Options);
        var batch = new ModelBatch();
        for (int i = 0; i < text.Length; i++)
        {
            batch.Add(text[i], i, [0, 1, 2]);
        }

        Assert.Equal(EvaluationStatus.Completed, context.Evaluate(batch));

        Assert.Equal(new PositionRange(0, 8), context.GetPositions(2));
        int[] next = Text(3, seed: 5);
        AssertSame(Alone([.. text, next[0]]), Append(context, 0, next[0]));
        AssertSame(Alone([.. text, next[1]]), Append(context, 1, next[1]));
        AssertSame(Alone([.. text, next[2]]), Append(context, 2, next[2]));
    }

    [Fact]
    public void Copy_WholeSequence_ContinuesAsTheOriginal()
    {
        int[] text = Text(20);
        int[] next = Text(2, seed: 9);
        using IModelContext context = Model.CreateContext(Options);
        Append(context, 0, text);

        context.Copy(0, 1, 20);

        Assert.Equal(new PositionRange(0, 20), context.GetPositions(1));
        AssertSame(Alone([.. text, next[0]]), Append(context, 1, next[0]));
        AssertSame(Alone([.. text, next[1]]), Append(context, 0, next[1]));
    }

    [Fact]
    public void Copy_Prefix_ContinuesFromThere()
    {
        int[] text = Text(20);
        int[] next = Text(4, seed: 9);
        using IModelContext context = Model.CreateContext(Options);
        Append(context, 0, text);

        context.Copy(0, 1, 12);

        Assert.Equal(new PositionRange(0, 12), context.GetPositions(1));
        AssertSame(Alone([.. text[..12], .. next]), Append(context, 1, next));
        AssertSame(Alone([.. text, .. next]), Append(context, 0, next));
    }

    [Fact]
    public void Copy_ToAllSequences_UsesNoFurtherCells()
    {
        int[] text = Text(250);
        using IModelContext context = Model.CreateContext(Options);
        Append(context, 0, text);
        int shared = Math.Min(250, context.Limits.Cells / 2);

        for (int sequence = 1; sequence < 4; sequence++)
        {
            context.Copy(0, sequence, shared);
        }

        // Four times 250 positions and what follows exceed the cells unless they are shared.
        Append(context, 3, Text(200, seed: 2));
        Assert.Equal(shared + 200, context.GetPositions(3).End);
    }

    [Fact]
    public void Drop_OneOfTwoThatShare_LeavesTheOther()
    {
        int[] text = Text(20);
        int next = Text(1, seed: 9)[0];
        using IModelContext context = Model.CreateContext(Options);
        Append(context, 0, text);
        context.Copy(0, 1, 20);

        context.Drop(0);

        Assert.True(context.GetPositions(0).IsEmpty);
        AssertSame(Alone([.. text, next]), Append(context, 1, next));
    }

    [Fact]
    public void Trim_ThenOtherTokens_EqualsNeverHavingSeenTheTail()
    {
        int[] text = Text(20);
        int[] other = Text(5, seed: 4);
        using IModelContext context = Model.CreateContext(Options);
        Append(context, 0, text);

        context.Trim(0, 11);

        Assert.Equal(new PositionRange(0, 11), context.GetPositions(0));
        AssertSame(Alone([.. text[..11], .. other]), Append(context, 0, other));
    }

    [Fact]
    public void Trim_BeyondEndOrAtStart_KeepsAllOrNothing()
    {
        using IModelContext context = Model.CreateContext(Options);
        Append(context, 0, Text(6));

        context.Trim(0, 6);
        Assert.Equal(new PositionRange(0, 6), context.GetPositions(0));
        context.Trim(0, 100);
        Assert.Equal(new PositionRange(0, 6), context.GetPositions(0));
        context.Trim(0, 0);
        Assert.True(context.GetPositions(0).IsEmpty);
    }

    [Fact]
    public void Trim_OneOfTwoThatShare_LeavesTheOther()
    {
        int[] text = Text(20);
        int next = Text(1, seed: 9)[0];
        using IModelContext context = Model.CreateContext(Options);
        Append(context, 0, text);
        context.Copy(0, 1, 20);

        context.Trim(0, 5);

        AssertSame(Alone([.. text, next]), Append(context, 1, next));
        AssertSame(Alone([.. text[..5], next]), Append(context, 0, next));
    }

    [Fact]
    public void Shift_RemovedPositions_CloseUp()
    {
        using IModelContext context = Model.CreateContext(Options);
        Append(context, 0, Text(30));

        context.Shift(0, 4, 14);

        Assert.Equal(new PositionRange(0, 20), context.GetPositions(0));
        float[] row = Append(context, 0, Text(1, seed: 3));
        Assert.All(row, value => Assert.True(float.IsFinite(value)));
        Assert.Equal(new PositionRange(0, 21), context.GetPositions(0));
    }
}
