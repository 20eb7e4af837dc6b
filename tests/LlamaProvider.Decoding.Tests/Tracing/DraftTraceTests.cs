using LlamaProvider.Decoding.Constraints.Forcing;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.State;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Stopping;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Strategies.Speculative;
using LlamaProvider.Decoding.Tests.Scheduling;
using LlamaProvider.Decoding.Tests.Strategies.Speculative;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Decoding.Tracing.Recording;
using LlamaProvider.TestSupport.Constraints;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Tracing;

/// <summary>Laws of recorded drafts: accepted ones, corrections and bonuses are the answer.</summary>
public sealed class DraftTraceTests
{
    private static readonly int[] Prompt = [6, 7];

    [Fact]
    public void Step_DrawnDrafts_AddUpToTheAnswer()
    {
        ScriptedModel model = LetterModels.Random(LetterModels.Letters, 1);
        ScriptedModel other = LetterModels.Random(LetterModels.Letters, 2);
        int rejected = 0;
        for (ulong seed = 1; seed <= 20; seed++)
        {
            (TraceLog log, List<int> answer) = Run(model, SamplerPipeline.Create(s => s.Temperature(1)), new DrawingDrafter(other, seed), seed, 12);

            AssertAddsUp(log, answer);
            foreach (DraftedToken token in log.Steps.OfType<DraftStep>().SelectMany(static step => step.Tokens))
            {
                Assert.Equal(token.Outcome == DraftOutcome.NotReached, token.Probability is null);
                Assert.InRange(token.DraftProbability, 1e-6, 1);
                rejected += token.Outcome == DraftOutcome.Rejected ? 1 : 0;
            }

            foreach (TokenStep choice in log.Steps.OfType<TokenStep>())
            {
                DraftStep step = log.Steps.OfType<DraftStep>().Single(step => step.Evaluation == choice.Evaluation);
                DraftedToken? drafted = choice.Position - step.Position < step.Tokens.Count ? step.Tokens[choice.Position - step.Position] : null;
                Assert.True(drafted is not { Outcome: DraftOutcome.Accepted } || drafted.Value.Probability == choice.Probability);
            }
        }

        Assert.True(rejected > 20, "Hardly anything was rejected, so this proves little.");
    }

    [Fact]
    public void Step_CertainDrafts_ShowWhatTookTheRejectedOnesPlace()
    {
        ScriptedModel model = ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes());
        int[] expected = new TestLoop(model).Expected(Prompt, 9);
        var drafter = new ScriptedDrafter(tokens => [expected[tokens.Length - 2], (expected[tokens.Length - 1] + 1) % 256, 50]);
        (TraceLog log, List<int> answer) = Run(model, SamplerPipeline.Deterministic, drafter, 1, 9);

        Assert.Equal(expected, answer);
        AssertAddsUp(log, answer);
        DraftStep[] steps = [.. log.Steps.OfType<DraftStep>()];
        Assert.Equal((DraftLengthReason.NoOffer, 0, expected[0]), (steps[0].Reason, steps[0].Tokens.Count, steps[0].Bonus!.Value.Id));
        Assert.Equal(("test", DraftLengthReason.Fixed, 4), (steps[1].Drafter, steps[1].Reason, steps[1].Limit));
        Assert.Equal([DraftOutcome.Accepted, DraftOutcome.Rejected, DraftOutcome.NotReached], steps[1].Tokens.Select(static token => token.Outcome));
        Assert.Equal([1, 0, null], steps[1].Tokens.Select(static token => token.Probability));
        Assert.Equal(expected[2], steps[1].Correction!.Value.Id);
        Assert.Null(steps[1].Bonus);
    }

    [Fact]
    public void Step_ForcedText_DraftsOfItAreMarkedForced()
    {
        ScriptedModel model = ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes("ab", "cd"));
        CompiledGrammar grammar = TestConstraints.Compile(model.Vocabulary, "[xy]abcd[xy]cd[xy][xy]");
        TokenSampler sampler = SpeculativeRun.Sampler(model.Vocabulary, SamplerPipeline.Deterministic, Prompt, constraint: grammar.CreateMatcher());
        TraceLog log = sampler.Record(model.Vocabulary);
        int x = ScriptedVocabulary.Byte('x');
        int y = ScriptedVocabulary.Byte('y');
        (int ab, int cd) = (258, 259);
        var answer = new AnswerTokens(model.Vocabulary, sampler, new StopSequences([]), null, jump: new JumpForward(new ConstraintVocabulary(model.Vocabulary), model.Tokenizer));
        var drafter = new ScriptedDrafter(tokens => tokens.Length == Prompt.Length + 3 ? [x, cd, x, x] : []);
        var strategy = new SpeculativeStrategy(model.Vocabulary, answer, SpeculativeRun.Speculate(drafter));
        var loop = new TestLoop(model);
        GenerationRequest request = loop.Submit(strategy, trace: log);
        loop.RunToEnd();

        List<int> tokens = TestLoop.Read(request).Tokens;
        AssertAddsUp(log, tokens);
        Assert.Equal([ab, cd], tokens[1..3]);
        Assert.True(tokens[3] == x || tokens[3] == y);
        DraftStep drafted = log.Steps.OfType<DraftStep>().First(static step => step.Tokens.Count > 0);
        Assert.Equal(tokens[3] == x ? DraftOutcome.Accepted : DraftOutcome.Rejected, drafted.Tokens[0].Outcome);
        Assert.Equal(tokens[3] == x ? DraftOutcome.Forced : DraftOutcome.NotReached, drafted.Tokens[1].Outcome);
    }

    private static (TraceLog Log, List<int> Answer) Run(ScriptedModel model, SamplerPipeline pipeline, IDrafter drafter, ulong seed, int tokens)
    {
        TokenSampler sampler = SpeculativeRun.Sampler(model.Vocabulary, pipeline, Prompt, seed);
        TraceLog log = sampler.Record(model.Vocabulary);
        var loop = new TestLoop(model);
        GenerationRequest request = loop.Submit(SpeculativeRun.Strategy(model.Vocabulary, sampler, tokens, SpeculativeRun.Speculate(drafter)), trace: log);
        loop.RunToEnd();
        return (log, TestLoop.Read(request).Tokens);
    }

    /// <summary>accepted + corrections + bonuses = chosen tokens, those that end the answer included; with the forced ones, the answer.</summary>
    private static void AssertAddsUp(TraceLog log, List<int> answer)
    {
        DraftStep[] steps = [.. log.Steps.OfType<DraftStep>()];
        int accepted = steps.Sum(static step => step.Tokens.Count(static token => token.Outcome == DraftOutcome.Accepted));
        int corrections = steps.Count(static step => step.Correction is not null);
        int bonuses = steps.Count(static step => step.Bonus is not null);
        int ends = log.Steps.OfType<TokenStep>().Count(static step => step.IsEnd);
        Assert.Equal(answer.Count - log.Steps.OfType<ForcedStep>().Count() + ends, accepted + corrections + bonuses);
        Assert.Equal(answer, log.Answer());
        Assert.Equal(Enumerable.Range(0, answer.Count), log.Positions());
        Assert.All(steps, static step => Assert.False(step.Correction is not null && step.Bonus is not null));
    }

    /// <summary>Draws its drafts from another model.</summary>
    private sealed class DrawingDrafter(ScriptedModel model, ulong seed) : IDrafter
    {
        private Xoshiro256 _random = new(seed + 100);

        public int? Offer(TokenSampler sampler) => 0;

        public void Draft(TokenSampler sampler, int limit, Draft draft)
        {
            int accepted = 0;
            float[] row = new float[model.Vocabulary.Count];
            while (draft.Count < limit)
            {
                model.Logits(sampler.Tokens, row);
                int token = sampler.Draft(row, ref _random, 0, draft.NextDistribution)!.Value;
                draft.AddDrawn(token);
                if (model.Vocabulary.IsEndOfGeneration(token))
                {
                    break;
                }

                sampler.Accept(token);
                accepted++;
            }

            sampler.Rollback(accepted);
        }
    }
}
