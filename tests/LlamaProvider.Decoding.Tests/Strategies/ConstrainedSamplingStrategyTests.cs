using System.Text;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Selection;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Stopping;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Strategies.Sampling;
using LlamaProvider.Decoding.Tests.Scheduling;
using LlamaProvider.TestSupport.Constraints;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Strategies;

/// <summary>Constrained requests in the engine loop.</summary>
public sealed class ConstrainedSamplingStrategyTests
{
    private const string Pattern = "(?:[a-f]{2}-){9}[a-f]{2}";
    private readonly ScriptedModel _model = ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes("ab", "-c", "f-", "de-fa", "hello"));

    [Fact]
    public void Step_ConstrainedRequest_EndsWithATextOfThePattern()
    {
        var loop = new TestLoop(_model);
        GenerationRequest request = loop.Submit(Strategy([5, 6, 7], TestConstraints.Compile(_model.Vocabulary, Pattern)));
        loop.RunToEnd();

        (string text, GenerationEnd end) = Read(request);
        Assert.Matches($"^{Pattern}$", text);
        Assert.Equal(GenerationEndReason.EndOfGeneration, end.Reason);
    }

    [Fact]
    public void Step_CellsRunOut_PreemptedRequestsKeepTheirPlaceInTheConstraint()
    {
        CompiledGrammar grammar = TestConstraints.Compile(_model.Vocabulary, Pattern);
        string[] alone = new string[4];
        for (int i = 0; i < alone.Length; i++)
        {
            var single = new TestLoop(_model);
            GenerationRequest request = single.Submit(Strategy([5 + i, 6, 7], grammar));
            single.RunToEnd();
            alone[i] = Read(request).Text;
        }

        var loop = new TestLoop(_model, sequences: 4, cells: 48, batchTokens: 32);
        GenerationRequest[] requests = [.. Enumerable.Range(0, 4).Select(i => loop.Submit(Strategy([5 + i, 6, 7], grammar)))];
        loop.RunToEnd();

        Assert.True(loop.SawPreemption, "Nothing was preempted, so this proves nothing.");
        Assert.Equal(alone, requests.Select(request => Read(request).Text));
        Assert.Equal(4, alone.Distinct().Count());
    }

    [Fact]
    public void Step_SharedGrammarOnSeveralThreads_GivesTheSame()
    {
        string[] Run(int helpers)
        {
            CompiledGrammar grammar = TestConstraints.Compile(_model.Vocabulary, Pattern);
            var loop = new TestLoop(_model, sequences: 8, cells: 2000, helpers: helpers);
            GenerationRequest[] requests = [.. Enumerable.Range(0, 8).Select(i => loop.Submit(Strategy([5 + i, 6], grammar, slow: helpers > 0)))];
            loop.RunToEnd();
            Assert.Equal(helpers > 0, loop.Engine.Advancer.SharedSteps > 5);
            loop.Engine.Dispose();
            return [.. requests.Select(request => Read(request).Text)];
        }

        Assert.Equal(Run(0), Run(3));
    }

    [Fact]
    public void Step_Infeasible_FailsTheRequestAloneAndKeepsWhatCameOut()
    {
        var vocabulary = new Vocabulary(
            [new("<end>"u8.ToArray(), TokenAttributes.Control | TokenAttributes.EndOfGeneration), new("a"u8.ToArray()), new("b"u8.ToArray())],
            new SpecialTokens { EndOfText = 0 });
        ScriptedModel model = ScriptedModel.PseudoRandom(vocabulary);
        var loop = new TestLoop(model);
        GenerationRequest stuck = loop.Submit(new SamplingStrategy(vocabulary, Sampler(model, [1], TestConstraints.Regex(vocabulary, "abac")), new StopSequences([]), null));
        GenerationRequest other = loop.Submit(new SamplingStrategy(vocabulary, Sampler(model, [1], TestConstraints.Regex(vocabulary, "abab")), new StopSequences([]), null));
        loop.RunToEnd();

        (List<int> tokens, GenerationEnd? end) = TestLoop.Read(stuck);
        Assert.Equal([1, 2, 1], tokens);
        Assert.Equal("aba", Assert.IsType<ConstraintInfeasibleException>(end!.Error).Text);
        (tokens, end) = TestLoop.Read(other);
        Assert.Equal([1, 2, 1, 2], tokens);
        Assert.Equal(GenerationEndReason.EndOfGeneration, end!.Reason);
    }

    [Theory]
    [InlineData("ab{2}", false)]
    [InlineData("ab{2}b?", true)]
    public void Step_OnlyTheEndMayFollow_EndsWithoutAskingTheModel(string pattern, bool mayGoOn)
    {
        var model = new ScriptedModel(ScriptedVocabulary.Bytes("abb"), (_, logits) => { logits.Clear(); logits[0] = 1; logits[ScriptedVocabulary.Byte('a')] = 2; });
        var loop = new TestLoop(model);
        GenerationRequest request = loop.Submit(
            new SamplingStrategy(model.Vocabulary, Sampler(model, [5], TestConstraints.Regex(model.Vocabulary, pattern)), new StopSequences([]), maxTokens: 9));
        loop.RunToEnd();

        (List<int> tokens, GenerationEnd? end) = TestLoop.Read(request);
        Assert.Equal(3, tokens.Count);
        Assert.Equal(GenerationEndReason.EndOfGeneration, end!.Reason);
        Assert.Equal(mayGoOn ? 4 : 3, model.Faults.BatchSizes.Count);
    }

    [Fact]
    public void Step_LimitOrStopSequence_CutsAsWithoutAConstraint()
    {
        var loop = new TestLoop(_model);
        CompiledGrammar grammar = TestConstraints.Compile(_model.Vocabulary, "[a-f]{40}");
        GenerationRequest limited = loop.Submit(Strategy([5], grammar, maxTokens: 6));
        GenerationRequest stopped = loop.Submit(Strategy([5], grammar, stop: "a"));
        loop.RunToEnd();

        Assert.Equal(GenerationEndReason.TokenLimit, Read(limited).End.Reason);
        Assert.Equal(GenerationEndReason.StopSequence, Read(stopped).End.Reason);
    }

    private SamplingStrategy Strategy(int[] prompt, CompiledGrammar grammar, int? maxTokens = null, string? stop = null, bool slow = false) => new(
        _model.Vocabulary,
        Sampler(_model, prompt, new SequenceConstraint("pattern", slow ? new SlowConstraint(grammar.CreateMatcher()) : grammar.CreateMatcher())),
        new StopSequences(stop is null ? [] : [stop]),
        maxTokens);

    private static TokenSampler Sampler(ScriptedModel model, int[] prompt, SequenceConstraint constraint) => new(
        new BoundPipeline(SamplerPipeline.Deterministic, new SamplerBinding(model.Vocabulary), new SamplerWorkspacePool()), prompt, 1, 0, constraint);

    private (string Text, GenerationEnd End) Read(GenerationRequest request)
    {
        (List<int> tokens, GenerationEnd? end) = TestLoop.Read(request);
        return (Encoding.UTF8.GetString([.. tokens.SelectMany(token => _model.Vocabulary.GetBytes(token).ToArray())]), end!);
    }

    /// <summary>Takes so long that the engine shares a step among its threads.</summary>
    private sealed class SlowConstraint(ITokenConstraint inner) : ITokenConstraint
    {
        public bool CanEnd => inner.CanEnd;

        public void FillMask(TokenMask mask)
        {
            long start = System.Diagnostics.Stopwatch.GetTimestamp();
            while (System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalMicroseconds < 200)
            {
            }

            inner.FillMask(mask);
        }

        public int ReadForcedText(Span<byte> destination, out ByteSet next) => inner.ReadForcedText(destination, out next);

        public bool Accept(int token) => inner.Accept(token);

        public void Rollback(int count) => inner.Rollback(count);

        public ITokenConstraint Fork() => new SlowConstraint(inner.Fork());
    }
}
