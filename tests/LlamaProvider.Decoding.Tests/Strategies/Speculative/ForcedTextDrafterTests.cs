using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Forcing;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Strategies.Speculative;
using LlamaProvider.Decoding.Strategies.Speculative.ForcedText;
using LlamaProvider.Decoding.Tests.Scheduling;
using LlamaProvider.TestSupport.Constraints;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Strategies.Speculative;

public sealed class ForcedTextDrafterTests
{
    private static readonly Vocabulary Words = ScriptedVocabulary.Bytes("the answer", " is ", "the ", "answer is ");
    private static readonly CompiledGrammar Grammar = TestConstraints.Compile(Words, "the answer is [a-e]{2}, and that is all");

    [Fact]
    public void Draft_ConstraintForcesText_IsTheTokenizersAndMostOfTheSteps()
    {
        // It spells as the tokenizer does, since that takes the longest token too.
        ScriptedModel model = Preferring(longest: true);

        (string plain, SpeculationStatistics without) = Run(model, drafts: false);
        (string answer, SpeculationStatistics statistics) = Run(model, drafts: true);

        Assert.Matches("^the answer is [a-e]{2}, and that is all$", answer);
        Assert.Equal(plain, answer);
        Assert.Equal(1, statistics.Acceptance);
        Assert.True(statistics.Steps < without.Steps / 3, $"{statistics.Steps} of {without.Steps} steps.");
        Assert.Equal(["test"], statistics.DraftedTokensByDrafter.Keys);
    }

    [Fact]
    public void Draft_ModelSpellsOtherwise_IsRejectedAndTheAnswerIsTheModels()
    {
        ScriptedModel model = Preferring(longest: false);

        (string plain, _) = Run(model, drafts: false);
        (string answer, SpeculationStatistics statistics) = Run(model, drafts: true);

        Assert.Equal(plain, answer);
        Assert.InRange(statistics.Acceptance, 0.1, 0.99);
    }

    private static ScriptedModel Preferring(bool longest) => new(Words, (_, logits) =>
    {
        for (int token = 0; token < logits.Length; token++)
        {
            logits[token] = (longest ? 1 : -1) * Words.GetBytes(token).Length;
        }
    });

    private static (string Text, SpeculationStatistics Statistics) Run(ScriptedModel model, bool drafts)
    {
        var jump = new JumpForward(new ConstraintVocabulary(Words), model.Tokenizer);
        Speculator speculator = drafts ? SpeculativeRun.Speculate(new ForcedTextDrafter(jump), 16) : new Speculator([], TimeProvider.System);
        TokenSampler sampler = SpeculativeRun.Sampler(Words, SamplerPipeline.Deterministic, [1], constraint: Grammar.CreateMatcher());
        var loop = new TestLoop(model, sequences: 16);
        GenerationRequest request = loop.Submit(SpeculativeRun.Strategy(Words, sampler, null, speculator));
        loop.RunToEnd();
        return (Words.GetText([.. TestLoop.Read(request).Tokens]), speculator.Statistics);
    }
}
