using LlamaProvider.Decoding.Model;
using Xunit;

namespace LlamaProvider.TestSupport.Conformance;

// What happens when cells run out or the caller cancels.
public abstract partial class ModelContextConformance
{
    /// <summary>Arranges that the token is cancelled while the next evaluation is under way, as far as a test can.</summary>
    protected abstract void CancelDuringNextEvaluation(CancellationTokenSource source, int attempt);

    [Fact]
    public void Evaluate_NoSlot_LeavesEverythingAsItWas()
    {
        int[] text = Text(200);
        int next = Text(1, seed: 7)[0];
        using IModelContext context = Model.CreateContext(Options);
        Append(context, 0, text);
        int other = 1;
        EvaluationStatus status;
        do
        {
            status = TryAppend(context, other++, Text(150, seed: other));
        }
        while (status == EvaluationStatus.Completed);

        Assert.Equal(EvaluationStatus.NoSlot, status);
        Assert.Equal(new PositionRange(0, 200), context.GetPositions(0));
        Assert.True(context.GetPositions(other - 1).IsEmpty);
        AssertSame(Alone([.. text, next]), Append(context, 0, next));
    }

    [Fact]
    public void FreeCells_SharedTokens_CountOnce()
    {
        using IModelContext context = Model.CreateContext(Options);
        int all = context.Limits.Cells;
        Assert.Equal(all, context.FreeCells);

        Append(context, 0, Text(100));
        Assert.Equal(all - 100, context.FreeCells);
        context.Copy(0, 1, 100);
        context.Copy(1, 2, 60);
        Assert.Equal(all - 100, context.FreeCells);
        Append(context, 1, Text(7));
        Append(context, 2, Text(5));
        Assert.Equal(all - 112, context.FreeCells);
        context.Drop(0);
        Assert.Equal(all - 112, context.FreeCells);
        context.Drop(1);
        Assert.Equal(all - 65, context.FreeCells);
        context.Trim(2, 10);
        Assert.Equal(all - 10, context.FreeCells);
    }

    [Fact]
    public void FreeCells_AllOfThem_CanBeFilled()
    {
        using IModelContext context = Model.CreateContext(Options);
        Append(context, 0, Text(250));
        while (context.FreeCells > 0)
        {
            Append(context, 1, Text(Math.Min(context.FreeCells, 250)));
        }

        Assert.Equal(EvaluationStatus.NoSlot, TryAppend(context, 2, Text(1)));
    }

    [Fact]
    public void Evaluate_AfterNoSlotAndDrop_FindsRoom()
    {
        using IModelContext context = Model.CreateContext(Options);
        Append(context, 0, Text(250));
        Append(context, 1, Text(200));
        Assert.Equal(EvaluationStatus.NoSlot, TryAppend(context, 2, Text(100)));

        context.Drop(0);

        int[] text = Text(100, seed: 8);
        AssertSame(Alone(text), Append(context, 2, text));
    }

    [Fact]
    public void Evaluate_CancelledBefore_ChangesNothing()
    {
        using IModelContext context = Model.CreateContext(Options);
        Append(context, 0, Text(10));
        var batch = new ModelBatch();
        batch.AddOutput(Text(1)[0], 10, 0);

        Assert.Equal(EvaluationStatus.Aborted, context.Evaluate(batch, new CancellationToken(canceled: true)));

        Assert.Equal(new PositionRange(0, 10), context.GetPositions(0));
        Assert.Equal(
            "Output 0 was asked for, but the last evaluation left no outputs. Mark tokens with AddOutput and check that the evaluation completed.",
            Assert.Throws<ModelContextException>(() => context.GetLogits(0)).Message);
    }

    [Fact]
    public void Evaluate_CancelledInTheMiddle_CanBeContinued()
    {
        int[] text = Text(256);
        bool aborted = false;
        for (int attempt = 0; attempt < 200 && !aborted; attempt++)
        {
            using IModelContext context = Model.CreateContext(Options);
            Append(context, 0, text[..16]);
            using var source = new CancellationTokenSource();
            CancelDuringNextEvaluation(source, attempt);
            EvaluationStatus status = TryAppend(context, 0, text.AsSpan(16), source.Token);
            aborted = status == EvaluationStatus.Aborted && source.IsCancellationRequested;
            if (aborted)
            {
                int reached = context.GetPositions(0).End;
                Assert.InRange(reached, 16, 255);
                AssertSame(Alone(text), Append(context, 0, text.AsSpan(reached)));
            }
        }

        Assert.True(aborted, "No evaluation was ever aborted.");
    }

    private static EvaluationStatus TryAppend(
        IModelContext context, int sequence, ReadOnlySpan<int> tokens, CancellationToken cancellationToken = default)
    {
        var batch = new ModelBatch();
        int start = context.GetPositions(sequence).End;
        for (int i = 0; i < tokens.Length; i++)
        {
            batch.Add(tokens[i], start + i, sequence);
        }

        return context.Evaluate(batch, cancellationToken);
    }
}
