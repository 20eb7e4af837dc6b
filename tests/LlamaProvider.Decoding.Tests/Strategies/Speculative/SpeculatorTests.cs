using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Strategies.Speculative;
using LlamaProvider.Decoding.Strategies.Speculative.Control;
using LlamaProvider.Decoding.Tests.Scheduling;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Strategies.Speculative;

public sealed class SpeculatorTests
{
    private static readonly Vocabulary Words = ScriptedVocabulary.Bytes();

    [Fact]
    public void Draft_DraftingDoesNotPay_AsksAtEveryEighthStepAndKeepsTheReason()
    {
        var experience = new DraftExperience();
        for (int draft = 0; draft < 100; draft++)
        {
            experience.Observe(0, 1, 0);
        }

        int drafts = 0;
        var drafter = new ScriptedDrafter(_ =>
        {
            drafts++;
            return [];
        });
        ScriptedModel model = ScriptedModel.PseudoRandom(Words);
        var loop = new TestLoop(model);
        model.Faults.BeforeToken = _ => loop.Time.Advance(TimeSpan.FromSeconds(1));
        var speculator = new Speculator([new DraftSource("test", drafter, 4, experience)], loop.Time);
        TokenSampler sampler = SpeculativeRun.Sampler(Words, SamplerPipeline.Deterministic, [1, 60, 61, 62]);

        // The first step evaluates the prompt. Of the sixteen that could draft, the first does, since nothing is measured then; the second and the tenth ask.
        loop.Submit(SpeculativeRun.Strategy(Words, sampler, maxTokens: 17, speculator));
        loop.RunToEnd();

        Assert.Equal(16, sampler.Tokens.Length - sampler.PromptLength - 1);
        Assert.Equal((3, 1), (drafter.Offers, drafts));
        Assert.Equal(new DraftLength("test", DraftLengthReason.Unprofitable, Limit: 4, Tokens: 0), speculator.LastLength);
    }
}
