using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Stopping;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Strategies.Sampling;
using LlamaProvider.Decoding.Strategies.Speculative;
using LlamaProvider.Decoding.Strategies.Speculative.PromptLookup;
using LlamaProvider.Decoding.Tests.Scheduling;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Strategies.Speculative;

/// <summary>Verification of certain drafts through the engine loop: the answer is the one without drafts, token by token, whatever is drafted.</summary>
public sealed class SpeculativeStrategyTests
{
    private static readonly Vocabulary Words = ScriptedVocabulary.Bytes();
    private static readonly int[] Prompt = [1, 100, 101, 102, 103];
    private readonly ScriptedModel _model = ScriptedModel.PseudoRandom(Words);

    public static TheoryData<string> Pipelines { get; } = ["greedy", "draw", "penalties", "mirostat", "adaptive", "xtc"];

    [Theory]
    [MemberData(nameof(Pipelines))]
    public void Step_RightAndWrongDrafts_GivesTheTokensOfTheSameSeed(string name)
    {
        int[] expected = Plain(name, Prompt, 40, seed: 7);
        for (int wrong = 1; wrong <= 5; wrong++)
        {
            var drafter = new ScriptedDrafter(tokens => Guess(expected, tokens.Length - Prompt.Length, wrong));
            var loop = new TestLoop(_model);
            Speculator speculator = SpeculativeRun.Speculate(drafter);
            GenerationRequest request = loop.Submit(SpeculativeRun.Strategy(Words, Sampler(name, Prompt, 7), 40, speculator));
            loop.RunToEnd();

            Assert.Equal(expected, TestLoop.Read(request).Tokens);
            SpeculationStatistics statistics = speculator.Statistics;
            Assert.Equal(wrong > 1, statistics.AcceptedTokens > 0);
            Assert.Equal(wrong < 5, statistics.AcceptedTokens < statistics.DraftedTokens);
            Assert.Equal((40 + Math.Min(wrong, 5) - 2) / Math.Min(wrong, 5) + 1, statistics.Steps);
            Assert.Equal((statistics.DraftedTokens, statistics.AcceptedTokens), (request.Times.DraftedTokens, request.Times.AcceptedTokens));
        }
    }

    [Fact]
    public void Step_PerfectDrafts_TakesAFifthOfTheSteps()
    {
        int[] expected = Plain("greedy", Prompt, 41, seed: 1);
        Speculator speculator = SpeculativeRun.Speculate(new ScriptedDrafter(tokens => expected[(tokens.Length - Prompt.Length)..]));
        var loop = new TestLoop(_model);
        loop.Submit(SpeculativeRun.Strategy(Words, Sampler("greedy", Prompt, 1), 41, speculator));
        loop.RunToEnd();

        Assert.Equal((9, 32, 32), (speculator.Statistics.Steps, speculator.Statistics.DraftedTokens, speculator.Statistics.AcceptedTokens));
        Assert.Equal([8, 8, 8, 8], speculator.Statistics.AcceptedByPosition);
    }

    [Fact]
    public void Step_DraftEndsTheAnswer_EndsThereAndEvaluatesNothingBehind()
    {
        ScriptedModel model = ScriptedModel.Answering(Words, _ => "abc");
        Speculator speculator = SpeculativeRun.Speculate(new ScriptedDrafter(_ => [ScriptedVocabulary.Byte('b'), ScriptedVocabulary.Byte('c'), 0]));
        var loop = new TestLoop(model);
        GenerationRequest request = loop.Submit(SpeculativeRun.Strategy(Words, SpeculativeRun.Sampler(Words, SamplerPipeline.Deterministic, [1]), null, speculator));
        loop.RunToEnd();

        (List<int> tokens, GenerationEnd? end) = TestLoop.Read(request);
        Assert.Equal("abc", Words.GetText([.. tokens]));
        Assert.Equal(GenerationEndReason.EndOfGeneration, end!.Reason);
        Assert.Equal([1, 3], model.Faults.BatchSizes);
    }

    [Fact]
    public void Step_EveryLimit_IsObeyedExactly()
    {
        int[] expected = Plain("draw", Prompt, 20, seed: 3);
        for (int limit = 1; limit <= 20; limit++)
        {
            Speculator speculator = SpeculativeRun.Speculate(new ScriptedDrafter(tokens => expected[(tokens.Length - Prompt.Length)..]));
            var loop = new TestLoop(_model);
            GenerationRequest request = loop.Submit(SpeculativeRun.Strategy(Words, Sampler("draw", Prompt, 3), limit, speculator));
            loop.RunToEnd();

            (List<int> tokens, GenerationEnd? end) = TestLoop.Read(request);
            Assert.Equal(expected.Take(limit), tokens);
            Assert.Equal(GenerationEndReason.TokenLimit, end!.Reason);
        }
    }

    [Fact]
    public void Step_CellsRunOut_PreemptedRequestsSayTheSame()
    {
        int[][] prompts = [.. Enumerable.Range(0, 4).Select(i => (int[])[1, 60 + i, 61, 62])];
        var loop = new TestLoop(_model, sequences: 4, cells: 90, batchTokens: 16, keptSequences: 2);
        ScriptedDrafter[] drafters = [.. prompts.Select((prompt, i) =>
        {
            int[] expected = Plain("draw", prompt, 40, (ulong)i);
            return new ScriptedDrafter(tokens => Guess(expected, tokens.Length - prompt.Length, 3));
        })];
        GenerationRequest[] requests = [.. prompts.Select((prompt, i) =>
            loop.Submit(SpeculativeRun.Strategy(Words, Sampler("draw", prompt, (ulong)i), 40, SpeculativeRun.Speculate(drafters[i]))))];
        loop.RunToEnd();

        Assert.True(loop.SawPreemption, "Nothing was preempted, so this proves nothing.");
        Assert.All(prompts.Zip(requests).Select((pair, i) => (pair, i)), x => Assert.Equal(Plain("draw", x.pair.First, 40, (ulong)x.i), TestLoop.Read(x.pair.Second).Tokens));
        Assert.True(drafters.Sum(drafter => drafter.Released) > 4);
    }

    [Fact]
    public void Step_CancelledBehindADraft_FreesEverything()
    {
        var drafter = new ScriptedDrafter(_ => [70, 71, 72]);
        var loop = new TestLoop(_model);
        GenerationRequest request = loop.Submit(SpeculativeRun.Strategy(Words, Sampler("draw", Prompt, 1), null, SpeculativeRun.Speculate(drafter)));
        for (int i = 0; i < 3; i++)
        {
            loop.Engine.Step();
        }

        request.Cancel();
        loop.Engine.Step();

        Assert.Equal(GenerationEndReason.Cancelled, TestLoop.Read(request).End!.Reason);
        Assert.Equal((loop.Engine.Context.Limits.Cells, 1), (loop.Engine.Context.FreeCells, drafter.Released));
    }

    [Fact]
    public void Step_ContextFills_ForgetsAndGoesOnAsWithoutDrafts()
    {
        int[] expected = Run(_model, new SamplingStrategy(Words, Sampler("greedy", Prompt, 1), new StopSequences([]), 120, keptTokens: 2));
        Speculator speculator = SpeculativeRun.Speculate(new ScriptedDrafter(tokens => Guess(expected, tokens.Length - Prompt.Length, 3)));
        int[] actual = Run(_model, SpeculativeRun.Strategy(Words, Sampler("greedy", Prompt, 1), 120, speculator, kept: 2));

        // Where a context is full hangs on the steps, so the texts part there; both go on, and may end by themselves.
        Assert.True(actual.Length > 80, $"{actual.Length} tokens.");
        Assert.Equal(expected.Take(30), actual.Take(30));

        static int[] Run(ScriptedModel model, IDecodingStrategy strategy)
        {
            var loop = new TestLoop(model, sequences: 1, cells: 40, batchTokens: 16);
            GenerationRequest request = loop.Submit(strategy);
            loop.RunToEnd();
            return [.. TestLoop.Read(request).Tokens];
        }
    }

    [Fact]
    public void Drafter_Fails_AnswerGoesOnWithoutIt()
    {
        int[] expected = Plain("greedy", Prompt, 20, seed: 1);
        var failures = new List<string>();
        int calls = 0;
        var drafter = new ScriptedDrafter(tokens => ++calls < 3 ? expected[(tokens.Length - Prompt.Length)..] : throw new InvalidTimeZoneException("scripted fault"));
        var loop = new TestLoop(_model);
        GenerationRequest request = loop.Submit(SpeculativeRun.Strategy(
            Words, Sampler("greedy", Prompt, 1), 20, SpeculativeRun.Speculate(drafter, failed: (name, error) => failures.Add($"{name}: {error.Message}"))));
        loop.RunToEnd();

        Assert.Equal(expected, TestLoop.Read(request).Tokens);
        Assert.Equal(["test: scripted fault"], failures);
        Assert.Equal(3, calls);
    }

    [Fact]
    public void PromptLookup_AnswerCopiesThePrompt_TakesFewSteps()
    {
        const string Text = "the quick brown fox jumps over the lazy dog and runs away";
        ScriptedModel model = ScriptedModel.Answering(Words, _ => Text);
        int[] prompt = [.. model.Tokenizer.EncodeText(Text), 1];
        var speculator = new Speculator([new DraftSource("prompt_lookup", new PromptLookupDrafter(2), 16, experience: null)], TimeProvider.System);
        var loop = new TestLoop(model, sequences: 16);
        GenerationRequest request = loop.Submit(SpeculativeRun.Strategy(Words, SpeculativeRun.Sampler(Words, SamplerPipeline.Balanced, prompt), null, speculator));
        loop.RunToEnd();

        Assert.Equal(Text, Words.GetText([.. TestLoop.Read(request).Tokens]));
        Assert.InRange(speculator.Statistics.Steps, 4, 10);
    }

    private int[] Plain(string pipeline, int[] prompt, int count, ulong seed)
    {
        var loop = new TestLoop(_model);
        GenerationRequest request = loop.Submit(new SamplingStrategy(Words, Sampler(pipeline, prompt, seed), new StopSequences([]), count));
        loop.RunToEnd();
        int[] tokens = [.. TestLoop.Read(request).Tokens];
        Assert.True(tokens.Length == count, "Choose another seed: this answer ends by itself.");
        return tokens;
    }

    /// <summary>The next tokens of a known answer, with one wrong at a place.</summary>
    private static int[] Guess(int[] expected, int said, int wrong) => [.. expected.Skip(said).Select((token, i) => i == wrong - 1 ? token ^ 1 : token)];

    private static TokenSampler Sampler(string name, int[] prompt, ulong seed) => SpeculativeRun.Sampler(Words, name switch
    {
        "greedy" => SamplerPipeline.Deterministic,
        "draw" => SamplerPipeline.Balanced,
        "penalties" => SamplerPipeline.Create(s => s.Penalties(1.3, 0.2, 0.3).TopK(50).Temperature(1.1)),
        "mirostat" => SamplerPipeline.Create(s => s.MirostatV2(3)),
        "adaptive" => SamplerPipeline.Create(s => s.MinP(0.05).AdaptiveP(0.3)),
        _ => SamplerPipeline.Create(s => s.TopK(30).Xtc(0.5, 0.05).Temperature(1)),
    }, prompt, seed);
}
