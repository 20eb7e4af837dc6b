using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Phrases;

namespace LlamaProvider.Decoding.Tests.Constraints.Phrases;

public sealed class PhraseOptionsTests
{
    [Fact]
    public void Validate_EmptyPhrase_SaysWhich() =>
        Expect(new PhraseOptions { Phrases = ["a", ""] }, "RequirePhrases[1] is empty. A phrase has at least one character. Remove it.");

    [Fact]
    public void Validate_HalfACharacter_SaysWhich() => Expect(
        new PhraseOptions { Phrases = ["a\ud83d"] },
        "RequirePhrases[0] has half of a surrogate pair, which is no character. Give whole characters; a text cut between the halves of an emoji looks so.");

    [Fact]
    public void Validate_TooManyRequired_SaysHowMany() => Expect(
        new PhraseOptions { Phrases = [.. Enumerable.Range(0, 17).Select(number => $"{number}")] },
        "RequirePhrases has 17 phrases; at most 16 can be required. Require fewer.");

    [Fact]
    public void Validate_ManyForbidden_IsAllowed() =>
        new PhraseOptions { Phrases = [.. Enumerable.Range(0, 100).Select(number => $"{number}")] }.Validate("ForbidPhrases", isRequired: false);

    private static void Expect(PhraseOptions options, string message)
    {
        var error = Assert.Throws<InvalidConstraintException>(() => options.Validate("RequirePhrases", isRequired: true));
        Assert.Equal(message, error.Message);
        Assert.Equal("RequirePhrases", error.Option);
    }
}
