using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Stopping;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Strategies.Sampling;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Scheduling;

public sealed class EngineLoopTests
{
    private readonly ScriptedModel _model = ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes());

    [Fact]
    public void Step_OneRequest_GeneratesWhatTheModelSays()
    {
        Loop loop = Create();
        GenerationRequest request = loop.Submit([5, 6, 7], maxTokens: 10);

        loop.RunToEnd();

        (List<int> tokens, GenerationEnd? end) = Read(request);
        Assert.Equal(Expected([5, 6, 7], 10), tokens);
        Assert.Equal(GenerationEndReason.TokenLimit, end!.Reason);
        Assert.Equal(0, _model.Faults.UsedCells);
    }

    [Fact]
    public void Step_ManyRequests_EqualEachAlone()
    {
        Loop loop = Create(sequences: 3, cells: 200);
        int[][] prompts = [.. Enumerable.Range(0, 12).Select(i => Enumerable.Range(2, 5 + (7 * i % 40)).Select(t => t + i).ToArray())];
        GenerationRequest[] requests = [.. prompts.Select((prompt, i) => loop.Submit(prompt, maxTokens: 5 + i))];

        loop.RunToEnd();

        for (int i = 0; i < prompts.Length; i++)
        {
            Assert.Equal(Expected(prompts[i], 5 + i), Read(requests[i]).Tokens);
        }

        Assert.Contains(_model.Faults.BatchSizes, size => size > 1);
    }

    [Fact]
    public void Step_LongPromptBesideRunningAnswer_RunningAnswerGetsATokenEachStep()
    {
        Loop loop = Create(cells: 2000, batchTokens: 16);
        GenerationRequest running = loop.Submit([5], maxTokens: 100);
        loop.Engine.Step();
        Assert.Single(Read(running).Tokens);
        GenerationRequest prompt = loop.Submit([.. Enumerable.Range(2, 200)], maxTokens: 1);

        for (int step = 0; step < 13; step++)
        {
            loop.Engine.Step();
            Assert.Single(Read(running).Tokens);
        }

        Assert.Empty(Read(prompt).Tokens);
        loop.RunToEnd();
        Assert.Equal(Expected([.. Enumerable.Range(2, 200)], 1), Read(prompt).Tokens);
    }

    [Fact]
    public void Step_CellsRunOut_PreemptedRequestsLoseNothing()
    {
        Loop loop = Create(sequences: 4, cells: 64, batchTokens: 32);
        GenerationRequest[] requests = [.. Enumerable.Range(0, 4).Select(i => loop.Submit([5 + i, 6, 7], maxTokens: 40))];

        loop.RunToEnd();

        for (int i = 0; i < requests.Length; i++)
        {
            (List<int> tokens, GenerationEnd? end) = Read(requests[i]);
            Assert.Equal(Expected([5 + i, 6, 7], 40), tokens);
            Assert.Equal(GenerationEndReason.TokenLimit, end!.Reason);
        }

        Assert.True(loop.SawPreemption, "Nothing was preempted, so this proves nothing.");
    }

    [Fact]
    public void Step_AnswerFillsTheContext_EndsWithContextLimit()
    {
        Loop loop = Create(cells: 32, batchTokens: 32);
        GenerationRequest request = loop.Submit([5, 6, 7], maxTokens: null);

        loop.RunToEnd();

        (List<int> tokens, GenerationEnd? end) = Read(request);
        Assert.Equal(GenerationEndReason.ContextLimit, end!.Reason);
        Assert.Equal(Expected([5, 6, 7], 30), tokens);
    }

    [Fact]
    public void Step_Cancelled_EndsWithinOneStepAndFreesItsCells()
    {
        Loop loop = Create();
        GenerationRequest kept = loop.Submit([5, 6, 7], maxTokens: 20);
        GenerationRequest cancelled = loop.Submit([9, 9], maxTokens: 20);
        loop.Engine.Step();

        cancelled.Cancel();
        loop.Engine.Step();

        (List<int> tokens, GenerationEnd? end) = Read(cancelled);
        Assert.Equal(GenerationEndReason.Cancelled, end!.Reason);
        Assert.Single(tokens);
        Assert.Equal(4, _model.Faults.UsedCells);
        loop.RunToEnd();
        Assert.Equal(Expected([5, 6, 7], 20), Read(kept).Tokens);
    }

    [Fact]
    public void Step_CancelledWhileWaiting_NeverRuns()
    {
        Loop loop = Create(sequences: 1);
        loop.Submit([5], maxTokens: 30);
        GenerationRequest waiting = loop.Submit([6], maxTokens: 30);
        loop.Engine.Step();
        waiting.Cancel();

        loop.Engine.Step();

        Assert.Equal((0, GenerationEndReason.Cancelled), (Read(waiting).Tokens.Count, Read(waiting).End!.Reason));
    }

    [Fact]
    public void Step_SlowReader_PausesOnlyItsOwnRequest()
    {
        Loop loop = Create();
        GenerationRequest slow = loop.Submit([5, 6, 7], maxTokens: 20, capacity: 3);
        GenerationRequest fast = loop.Submit([8, 9], maxTokens: 20);

        for (int i = 0; i < 25; i++)
        {
            loop.Engine.Step();
        }

        Assert.Equal(Expected([8, 9], 20), Read(fast).Tokens);
        (List<int> tokens, GenerationEnd? end) = Read(slow);
        Assert.Null(end);
        Assert.Equal(3, tokens.Count);

        while (end is null)
        {
            loop.Engine.Step();
            (List<int> more, end) = Read(slow);
            tokens.AddRange(more);
        }

        Assert.Equal(Expected([5, 6, 7], 20), tokens);
    }

    [Fact]
    public void Step_StrategyThrows_FailsOnlyItsRequest()
    {
        Loop loop = Create();
        GenerationRequest bad = loop.Submit(new ThrowingStrategy());
        GenerationRequest good = loop.Submit([8, 9], maxTokens: 5);

        loop.RunToEnd();

        GenerationEnd end = Read(bad).End!;
        Assert.Equal(GenerationEndReason.Failed, end.Reason);
        Assert.Equal("scripted fault", end.Error!.Message);
        Assert.Equal(Expected([8, 9], 5), Read(good).Tokens);
    }

    [Fact]
    public void Step_EvaluationFails_FailsTheBatchAndTheEngineGoesOn()
    {
        Loop loop = Create();
        GenerationRequest failed = loop.Submit([5], maxTokens: 5);
        _model.Faults.Next.Enqueue(EvaluationStatus.Failed);
        loop.RunToEnd();
        GenerationRequest next = loop.Submit([8, 9], maxTokens: 5);
        loop.RunToEnd();

        Assert.Equal(
            "The back end failed to evaluate a batch with a part of this request; the log has its reason. Send the request again.",
            Assert.IsType<EvaluationFailedException>(Read(failed).End!.Error).Message);
        Assert.Equal(Expected([8, 9], 5), Read(next).Tokens);
    }

    [Fact]
    public void Step_NoSlotAgainstTheCount_FailsOneRequestAndComputesTheOthersAgain()
    {
        Loop loop = Create();
        GenerationRequest older = loop.Submit([5], maxTokens: 5);
        GenerationRequest younger = loop.Submit([6], maxTokens: 5);
        loop.Engine.Step();
        _model.Faults.Next.Enqueue(EvaluationStatus.NoSlot);

        loop.RunToEnd();

        Assert.Equal(Expected([5], 5), Read(older).Tokens);
        Assert.Equal(GenerationEndReason.Failed, Read(younger).End!.Reason);
    }

    [Fact]
    public void Step_StopSequenceAcrossTokens_Ends()
    {
        int[] expected = Expected([5, 6, 7], 12);
        string stop = string.Concat(expected[4..7].Select(token => (char)(token - 2)));
        if (stop.Any(c => c > 127))
        {
            stop = string.Concat(expected[4..7].Where(token => token - 2 <= 127).Take(1).Select(token => (char)(token - 2)));
        }

        Assert.NotEqual("", stop);
        Loop loop = Create();
        var strategy = new SamplingStrategy(_model.Vocabulary, [5, 6, 7], new GreedySelector(), new StopSequences([stop]), 12);
        GenerationRequest request = loop.Submit(strategy);

        loop.RunToEnd();

        (List<int> tokens, GenerationEnd? end) = Read(request);
        Assert.Equal(GenerationEndReason.StopSequence, end!.Reason);
        Assert.Equal(expected[..tokens.Count], tokens);
        Assert.EndsWith(stop, string.Concat(tokens.Select(token => (char)(token - 2))));
    }

    [Fact]
    public void EndAll_RunningAndArriving_AllEnd()
    {
        Loop loop = Create();
        GenerationRequest running = loop.Submit([5], maxTokens: 50);
        loop.Engine.Step();
        GenerationRequest arriving = loop.Submit([6], maxTokens: 50);

        loop.Engine.EndAll(GenerationEnd.Cancelled);

        Assert.Equal(GenerationEndReason.Cancelled, Read(running).End!.Reason);
        Assert.Equal(GenerationEndReason.Cancelled, Read(arriving).End!.Reason);
        Assert.True(loop.Engine.IsEmpty);
    }

    private static (List<int> Tokens, GenerationEnd? End) Read(GenerationRequest request)
    {
        var tokens = new List<int>();
        GenerationEnd? end = request.Output.Read(ref tokens);
        return (tokens, end);
    }

    /// <summary>What greedy decoding gives, computed straight from the model's function.</summary>
    private int[] Expected(int[] prompt, int count)
    {
        List<int> text = [.. prompt];
        float[] logits = new float[_model.Vocabulary.Count];
        for (int i = 0; i < count; i++)
        {
            _model.Logits(text.ToArray(), logits);
            int best = Array.IndexOf(logits, logits.Max());
            Assert.False(_model.Vocabulary.IsEndOfGeneration(best), "Choose another prompt: this one ends by itself.");
            text.Add(best);
        }

        return [.. text.Skip(prompt.Length)];
    }

    private Loop Create(int sequences = 4, int cells = 500, int batchTokens = 64) => new(
        _model, new ContextOptions { ContextLength = cells, Sequences = sequences, BatchTokens = batchTokens });

    /// <summary>An engine loop whose invariants are checked after every step.</summary>
    private sealed class Loop
    {
        private readonly ScriptedModel _model;
        private int _admitted;

        public Loop(ScriptedModel model, ContextOptions options)
        {
            _model = model;
            Engine = new EngineLoop(model.CreateContext(options), new DecodeFirstPolicy(), AfterStep);
        }

        public EngineLoop Engine { get; }

        public bool SawPreemption { get; private set; }

        public GenerationRequest Submit(int[] prompt, int? maxTokens, int capacity = int.MaxValue) => Submit(
            new SamplingStrategy(_model.Vocabulary, prompt, new GreedySelector(), new StopSequences([]), maxTokens), capacity);

        public GenerationRequest Submit(IDecodingStrategy strategy, int capacity = int.MaxValue)
        {
            var request = new GenerationRequest(strategy, capacity, wake: () => { }, ended: () => { }, runReader: reader => reader());
            Engine.Enqueue(request);
            return request;
        }

        public void RunToEnd()
        {
            for (int step = 0; !Engine.IsEmpty; step++)
            {
                Assert.True(step < 10_000, "The loop does not end.");
                Engine.Step();
            }
        }

        private void AfterStep(EngineLoop loop)
        {
            EngineInvariants.Check(loop);
            int admitted = loop.Runs.Count(run => run.IsAdmitted);
            SawPreemption |= admitted < _admitted && loop.Runs.Any(run => !run.IsAdmitted);
            _admitted = admitted;
        }
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
