using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Scheduling;

/// <summary>Strategies that wait for something outside the engine. What a token guide makes of it is tested with the guide.</summary>
public sealed class EngineLoopPendingTests
{
    private readonly ScriptedModel _model = ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes());

    [Fact]
    public void Pending_BecomesCompleteWhileAStepIsPlanned_IsResumedBeforeItsNextPlan()
    {
        var loop = new TestLoop(_model);
        var strategy = new Asking(looksUntilComplete: 2);
        GenerationRequest request = loop.Submit(strategy);

        loop.RunToEnd();

        (List<int> tokens, GenerationEnd? end) = TestLoop.Read(request);
        Assert.Null(end!.Error);
        Assert.Equal([50, 51], tokens);
    }

    [Fact]
    public void Pending_CompleteAtOnce_GoesOnInTheNextStep()
    {
        var loop = new TestLoop(_model);
        GenerationRequest request = loop.Submit(new Asking(looksUntilComplete: 0));

        Assert.True(loop.Engine.Step());
        Assert.True(loop.Engine.Step());
        loop.RunToEnd();

        Assert.Equal([50, 51], TestLoop.Read(request).Tokens);
    }

    /// <summary>Asks for something after each step, says a token when it is there, and ends with the second.</summary>
    private sealed class Asking(int looksUntilComplete) : IDecodingStrategy
    {
        private static readonly Task Never = new TaskCompletionSource().Task;
        private bool _isAsking;
        private int _looks;
        private int _said;

        public int MaxSequences => 1;

        public Task? Pending => !_isAsking ? null : _looks++ < looksUntilComplete ? Never : Task.CompletedTask;

        public void Plan(IStepPlanner step)
        {
            Assert.False(_isAsking, "A step was planned before what it waits for was taken.");
            step.Evaluate(0, [10 + _said], WantedOutputs.Last);
        }

        public void Advance(IStepResults results) => (_isAsking, _looks) = (true, 0);

        public void Resume(IStepResults results)
        {
            _isAsking = false;
            results.Emit(50 + _said++);
            if (_said == 2)
            {
                results.Finish(GenerationEnd.EndOfGeneration);
            }
        }

        public void Restart() => throw new InvalidOperationException("Nothing takes its sequences away.");
    }
}
