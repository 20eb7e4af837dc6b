using System.Diagnostics;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Stopping;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Strategies.Sampling;
using LlamaProvider.TestSupport.Sampling;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Scheduling;

/// <summary>Requests of a step that choose their tokens at once.</summary>
public sealed class StepAdvancerTests
{
    private readonly ScriptedModel _model = ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes());

    [Fact]
    public void Advance_EnoughWork_IsSharedAndGivesTheSame()
    {
        var loop = new TestLoop(_model, sequences: 8, cells: 2000, helpers: 3);
        GenerationRequest[] requests = [.. Enumerable.Range(0, 8).Select(i => loop.Submit(Slow([5 + i, 6], maxTokens: 20)))];
        var threads = new HashSet<int>();
        loop.RunToEnd();

        for (int i = 0; i < requests.Length; i++)
        {
            Assert.Equal(loop.ExpectedUntilEnd([5 + i, 6], 20), TestLoop.Read(requests[i]).Tokens);
            threads.UnionWith(((SlowStrategy)requests[i].Strategy).Threads);
        }

        Assert.True(loop.Engine.Advancer.SharedSteps > 5, "Hardly a step was shared, so this proves nothing.");
        Assert.True(threads.Count > 1, "No helper did anything, so this proves nothing.");
        loop.Engine.Dispose();
    }

    [Fact]
    public void Advance_OneFails_TheOthersGoOn()
    {
        var loop = new TestLoop(_model, sequences: 8, cells: 2000, helpers: 3);
        GenerationRequest[] requests = [.. Enumerable.Range(0, 8).Select(i => loop.Submit(Slow([5 + i, 6], maxTokens: 20, failsAt: i == 3 ? 10 : int.MaxValue)))];
        loop.RunToEnd();

        Assert.Equal("scripted fault", TestLoop.Read(requests[3]).End!.Error!.Message);
        Assert.All(
            Enumerable.Range(0, 8).Where(i => i != 3), i => Assert.Equal(loop.ExpectedUntilEnd([5 + i, 6], 20), TestLoop.Read(requests[i]).Tokens));
        loop.Engine.Dispose();
    }

    [Fact]
    public void Advance_LittleWorkOrOneRequest_IsNotShared()
    {
        var loop = new TestLoop(_model, sequences: 8, cells: 2000, helpers: 3);
        loop.Submit(Slow([5, 6], maxTokens: 20));
        loop.RunToEnd();

        Assert.Equal(0, loop.Engine.Advancer.SharedSteps);
    }

    private SlowStrategy Slow(int[] prompt, int maxTokens, int failsAt = int.MaxValue) =>
        new(new SamplingStrategy(_model.Vocabulary, TestSamplers.Greedy(_model.Vocabulary, prompt), new StopSequences([]), maxTokens), failsAt);

    /// <summary>A strategy that takes its time to decide.</summary>
    private sealed class SlowStrategy(SamplingStrategy inner, int failsAt) : IDecodingStrategy
    {
        private int _steps;

        public HashSet<int> Threads { get; } = [];

        public int MaxSequences => 1;

        public void Plan(IStepPlanner step) => inner.Plan(step);

        public void Advance(IStepResults results)
        {
            Threads.Add(Environment.CurrentManagedThreadId);
            long started = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(started).TotalMicroseconds < 300)
            {
            }

            if (++_steps == failsAt)
            {
                throw new InvalidTimeZoneException("scripted fault");
            }

            inner.Advance(results);
        }

        public void Restart() => inner.Restart();
    }
}
