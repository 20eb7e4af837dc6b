using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Stopping;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Strategies.Sampling;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Scheduling;

/// <summary>Cells that run out, readers that lag, callers that cancel, and parts that fail.</summary>
public sealed class EngineLoopPressureTests
{
    private readonly ScriptedModel _model = ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes());

    [Fact]
    public void Step_CellsRunOut_PreemptedRequestsLoseNothing()
    {
        var loop = new TestLoop(_model, sequences: 4, cells: 64, batchTokens: 32);
        GenerationRequest[] requests = [.. Enumerable.Range(0, 4).Select(i => loop.Submit([5 + i, 6, 7], maxTokens: 40))];

        loop.RunToEnd();

        for (int i = 0; i < requests.Length; i++)
        {
            (List<int> tokens, GenerationEnd? end) = TestLoop.Read(requests[i]);
            Assert.Equal(loop.Expected([5 + i, 6, 7], 40), tokens);
            Assert.Equal(GenerationEndReason.TokenLimit, end!.Reason);
        }

        Assert.True(loop.SawPreemption, "Nothing was preempted, so this proves nothing.");
    }

    [Fact]
    public void Step_AnswerFillsTheContext_EndsWithContextLimit()
    {
        var loop = new TestLoop(_model, cells: 32, batchTokens: 32);
        GenerationRequest request = loop.Submit([5, 6, 7], maxTokens: null);

        loop.RunToEnd();

        (List<int> tokens, GenerationEnd? end) = TestLoop.Read(request);
        Assert.Equal(GenerationEndReason.ContextLimit, end!.Reason);
        Assert.Equal(loop.Expected([5, 6, 7], 30), tokens);
    }

    [Fact]
    public void Step_Cancelled_EndsWithinOneStepAndFreesItsCells()
    {
        var loop = new TestLoop(_model);
        GenerationRequest kept = loop.Submit([5, 6, 7], maxTokens: 20);
        GenerationRequest cancelled = loop.Submit([9, 9], maxTokens: 20);
        loop.Engine.Step();

        cancelled.Cancel();
        loop.Engine.Step();

        (List<int> tokens, GenerationEnd? end) = TestLoop.Read(cancelled);
        Assert.Equal(GenerationEndReason.Cancelled, end!.Reason);
        Assert.Single(tokens);
        Assert.Equal(4, _model.Faults.UsedCells);
        loop.RunToEnd();
        Assert.Equal(loop.Expected([5, 6, 7], 20), TestLoop.Read(kept).Tokens);
    }

    [Fact]
    public void Step_CancelledWhileWaiting_NeverRuns()
    {
        var loop = new TestLoop(_model, sequences: 1);
        loop.Submit([5], maxTokens: 30);
        GenerationRequest waiting = loop.Submit([6], maxTokens: 30);
        loop.Engine.Step();
        waiting.Cancel();

        loop.Engine.Step();

        Assert.Equal((0, GenerationEndReason.Cancelled), (TestLoop.Read(waiting).Tokens.Count, TestLoop.Read(waiting).End!.Reason));
    }

    [Fact]
    public void Step_SlowReader_PausesOnlyItsOwnRequest()
    {
        var loop = new TestLoop(_model);
        GenerationRequest slow = loop.Submit([5, 6, 7], maxTokens: 20, capacity: 3);
        GenerationRequest fast = loop.Submit([8, 9], maxTokens: 20);

        for (int i = 0; i < 25; i++)
        {
            loop.Engine.Step();
        }

        Assert.Equal(loop.Expected([8, 9], 20), TestLoop.Read(fast).Tokens);
        (List<int> tokens, GenerationEnd? end) = TestLoop.Read(slow);
        Assert.Null(end);
        Assert.Equal(3, tokens.Count);

        while (end is null)
        {
            loop.Engine.Step();
            (List<int> more, end) = TestLoop.Read(slow);
            tokens.AddRange(more);
        }

        Assert.Equal(loop.Expected([5, 6, 7], 20), tokens);
    }

    [Fact]
    public void Step_StrategyThrows_FailsOnlyItsRequest()
    {
        var loop = new TestLoop(_model);
        GenerationRequest bad = loop.Submit(new ThrowingStrategy());
        GenerationRequest good = loop.Submit([8, 9], maxTokens: 5);

        loop.RunToEnd();

        GenerationEnd end = TestLoop.Read(bad).End!;
        Assert.Equal(GenerationEndReason.Failed, end.Reason);
        Assert.Equal("scripted fault", end.Error!.Message);
        Assert.Equal(loop.Expected([8, 9], 5), TestLoop.Read(good).Tokens);
    }

    [Fact]
    public void Step_EvaluationFails_FailsTheBatchAndTheEngineGoesOn()
    {
        var loop = new TestLoop(_model);
        GenerationRequest failed = loop.Submit([5], maxTokens: 5);
        _model.Faults.Next.Enqueue(EvaluationStatus.Failed);
        loop.RunToEnd();
        GenerationRequest next = loop.Submit([8, 9], maxTokens: 5);
        loop.RunToEnd();

        Assert.Equal(
            "The back end failed to evaluate a batch with a part of this request; the log has its reason. Send the request again.",
            Assert.IsType<EvaluationFailedException>(TestLoop.Read(failed).End!.Error).Message);
        Assert.Equal(loop.Expected([8, 9], 5), TestLoop.Read(next).Tokens);
    }

    [Fact]
    public void Step_NoSlotAgainstTheCount_FailsOneRequestAndComputesTheOthersAgain()
    {
        var loop = new TestLoop(_model);
        GenerationRequest older = loop.Submit([5], maxTokens: 5);
        GenerationRequest younger = loop.Submit([6], maxTokens: 5);
        loop.Engine.Step();
        _model.Faults.Next.Enqueue(EvaluationStatus.NoSlot);

        loop.RunToEnd();

        Assert.Equal(loop.Expected([5], 5), TestLoop.Read(older).Tokens);
        Assert.Equal(GenerationEndReason.Failed, TestLoop.Read(younger).End!.Reason);
    }

    [Fact]
    public void EndAll_RunningAndArriving_AllEnd()
    {
        var loop = new TestLoop(_model);
        GenerationRequest running = loop.Submit([5], maxTokens: 50);
        loop.Engine.Step();
        GenerationRequest arriving = loop.Submit([6], maxTokens: 50);

        loop.Engine.EndAll(GenerationEnd.Cancelled);

        Assert.Equal(GenerationEndReason.Cancelled, TestLoop.Read(running).End!.Reason);
        Assert.Equal(GenerationEndReason.Cancelled, TestLoop.Read(arriving).End!.Reason);
        Assert.True(loop.Engine.IsEmpty);
    }

    private sealed class ThrowingStrategy : IDecodingStrategy
    {
        public int MaxSequences => 1;

        public void Plan(IStepPlanner step) => step.Evaluate(0, [5], WantedOutputs.Last);

        public void Advance(IStepResults results) => throw new InvalidTimeZoneException("scripted fault");

        public void Restart()
        {
        }
    }
}
