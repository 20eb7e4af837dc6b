using System.Text;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Strategies.Speculative.Control;
using LlamaProvider.Decoding.Strategies.Speculative.PromptLookup;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Strategies.Speculative;

public sealed class ShadowDraftsTests
{
    private static readonly Vocabulary Letters = ScriptedVocabulary.Bytes();

    // Ten letters of the prompt are copied, so a draft after two of them is right for all its eight tokens, one after four for six, and one after eight for two.
    [Theory]
    [InlineData(0, 8, false)]
    [InlineData(1, 6, true)]
    [InlineData(2, 2, true)]
    public void Compare_MatchGrowsWhileOneIsCompared_EachClassLearnsFromItsOwn(int kind, int right, bool isWrongThen)
    {
        var experience = new DraftExperience();

        Follow(experience, "abcdefghijklmnop.", "abcdefghijxyz");

        // One trial among three of what is expected.
        Assert.Equal(0.25, experience.RateAt(kind, right - 1, before: 0));
        Assert.Equal(isWrongThen ? 0.75 : 1, experience.RateAt(kind, right, before: 1));
    }

    private static void Follow(DraftExperience experience, string prompt, string text)
    {
        var drafter = new PromptLookupDrafter(minMatch: 2);
        var controller = new DraftLengthController(experience, probes: false);
        var shadows = new ShadowDrafts();
        TokenSampler sampler = SpeculativeRun.Sampler(Letters, SamplerPipeline.Deterministic, Tokens(prompt));
        foreach (int token in Tokens(text))
        {
            sampler.Accept(token);
            int? kind = drafter.Offer(sampler);
            shadows.Compare(sampler, controller);
            if (kind is int offered)
            {
                shadows.Begin(drafter, offered, sampler);
            }
        }

        // Others learn of it when the next length is chosen.
        controller.Choose(new DraftOffer(0, 1), 1, new StepCosts());
    }

    private static int[] Tokens(string text) => [.. Encoding.ASCII.GetBytes(text).Select(static letter => (int)letter)];
}
