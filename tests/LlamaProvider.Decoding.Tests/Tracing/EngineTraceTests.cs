using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Forcing;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Selection;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Stopping;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Strategies.Sampling;
using LlamaProvider.Decoding.Tests.Scheduling;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Decoding.Tracing.Recording;
using LlamaProvider.TestSupport.Constraints;
using LlamaProvider.TestSupport.Sampling;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Tracing;

/// <summary>Traces of requests that share an engine, are preempted, shifted, and forced.</summary>
public sealed class EngineTraceTests
{
    private readonly ScriptedModel _model = ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes("ab", "cd"));

    [Fact]
    public void Step_SeveralRequests_TracesDoNotMix()
    {
        var loop = new TestLoop(_model, sequences: 8, helpers: 0);
        (GenerationRequest Request, TraceLog Log)[] requests = [.. Enumerable.Range(0, 6).Select(i => Submit(loop, [5 + i, 6, 7], 8 + i))];
        loop.RunToEnd();

        Assert.All(requests, request =>
        {
            List<int> answer = TestLoop.Read(request.Request).Tokens;
            Assert.Equal(answer, request.Log.Answer());
            Assert.Equal(Enumerable.Range(0, answer.Count), request.Log.Positions());
        });
        Assert.Equal(6, requests.Select(static request => string.Join(',', request.Log.Answer())).Distinct().Count());
    }

    [Fact]
    public void Step_CellsRunOut_TokensOfPreemptedRequestsAreNotDoubled()
    {
        var loop = new TestLoop(_model, sequences: 4, cells: 48, batchTokens: 32);
        (GenerationRequest Request, TraceLog Log)[] requests = [.. Enumerable.Range(0, 4).Select(i => Submit(loop, [5 + i, 6, 7], 30))];
        loop.RunToEnd();

        Assert.True(loop.SawPreemption, "Nothing was preempted, so this proves nothing.");
        Assert.All(requests, request =>
        {
            List<int> answer = TestLoop.Read(request.Request).Tokens;
            Assert.Equal(answer, request.Log.Answer());
            Assert.Equal(Enumerable.Range(0, answer.Count), request.Log.Positions());
        });
    }

    [Fact]
    public void Step_ContextForgetsItsOldest_TokensAreNotDoubled()
    {
        var loop = new TestLoop(_model, sequences: 1, cells: 24, batchTokens: 16);
        (GenerationRequest request, TraceLog log) = Submit(loop, [5, 6, 7], 60, kept: 2);
        loop.RunToEnd();

        List<int> answer = TestLoop.Read(request).Tokens;
        Assert.True(answer.Count > 24, "Nothing was forgotten, so this proves nothing.");
        Assert.Equal(answer, log.Answer());
        Assert.Equal(Enumerable.Range(0, answer.Count), log.Positions());
    }

    [Fact]
    public void Step_ForcedText_IsMarked()
    {
        CompiledGrammar grammar = TestConstraints.Compile(_model.Vocabulary, "abcd[xy]cdab");
        TokenSampler sampler = new(
            new BoundPipeline(SamplerPipeline.Deterministic, new SamplerBinding(_model.Vocabulary), new SamplerWorkspacePool()), [5, 6], 1, 0, new SequenceConstraint("pattern", grammar.CreateMatcher()));
        TraceLog log = sampler.Record(_model.Vocabulary);
        var jump = new JumpForward(new ConstraintVocabulary(_model.Vocabulary), _model.Tokenizer);
        var loop = new TestLoop(_model);
        GenerationRequest request = loop.Submit(new SamplingStrategy(_model.Vocabulary, sampler, new StopSequences([]), null, jump: jump), trace: log);
        loop.RunToEnd();

        List<int> answer = TestLoop.Read(request).Tokens;
        Assert.Equal(answer, log.Answer());
        Assert.Equal(Enumerable.Range(0, answer.Count), log.Positions());
        var choice = Assert.Single(log.Steps.OfType<TokenStep>());
        Assert.Equal(2, choice.Mask!.Allowed);
        Assert.Equal(["ab", "cd", "cd", "ab"], log.Steps.OfType<ForcedStep>().Select(static step => step.Token.Text));
    }

    [Fact]
    public void Step_FullLevel_TellsWhatTheBatchWasSharedWith()
    {
        var loop = new TestLoop(_model, sequences: 4, batchTokens: 16);
        (_, TraceLog first) = Submit(loop, [.. Enumerable.Range(5, 40)], 6, level: TraceLevel.Full);
        (_, TraceLog second) = Submit(loop, [5, 6, 7], 6, level: TraceLevel.Full);
        loop.RunToEnd();

        BatchStep[] batches = [.. first.Steps.OfType<BatchStep>()];
        Assert.Equal(40 + 5, batches.Sum(static batch => batch.OwnTokens));
        Assert.Equal(6, batches.Count(static batch => batch.IsComplete));
        Assert.Contains(batches, static batch => !batch.IsComplete);
        Assert.Equal(Enumerable.Range(0, batches.Length), batches.Select(static batch => batch.Evaluation));
        foreach (BatchStep batch in batches)
        {
            BatchStep[] others = [.. second.Steps.OfType<BatchStep>().Where(other => other.EngineStep == batch.EngineStep)];
            Assert.Equal(batch.Requests, 1 + others.Length);
            Assert.Equal(batch.Tokens, batch.OwnTokens + others.Sum(static other => other.OwnTokens));
            Assert.All(others, other => Assert.Equal((batch.StartSeconds, batch.EvaluateSeconds), (other.StartSeconds, other.EvaluateSeconds)));
        }

        Assert.Contains(batches, static batch => batch.Requests == 2);
        Assert.All(first.Steps.OfType<TokenStep>(), step => Assert.Contains(batches, batch => batch.Evaluation == step.Evaluation && batch.IsComplete));
    }

    [Fact]
    public void Step_BelowFull_HasNoBatches()
    {
        var loop = new TestLoop(_model);
        (_, TraceLog log) = Submit(loop, [5, 6, 7], 6, level: TraceLevel.Stages);
        loop.RunToEnd();

        Assert.All(log.Steps, static step => Assert.IsType<TokenStep>(step));
        Assert.Equal(Enumerable.Range(0, 6), log.Steps.Select(static step => step.Evaluation));
    }

    private (GenerationRequest Request, TraceLog Log) Submit(TestLoop loop, int[] prompt, int tokens, int? kept = null, TraceLevel level = TraceLevel.Stages)
    {
        TokenSampler sampler = TestSamplers.Greedy(_model.Vocabulary, prompt);
        TraceLog log = sampler.Record(_model.Vocabulary, level);
        return (loop.Submit(new SamplingStrategy(_model.Vocabulary, sampler, new StopSequences([]), tokens, kept), trace: log), log);
    }
}
