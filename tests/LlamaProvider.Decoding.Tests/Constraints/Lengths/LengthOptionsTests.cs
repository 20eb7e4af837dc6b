using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Lengths;

namespace LlamaProvider.Decoding.Tests.Constraints.Lengths;

public sealed class LengthOptionsTests
{
    [Fact]
    public void Validate_NegativeMinimum_SaysTheRange() => Expect(new LengthOptions { MinWords = -1 }, "MinWords", "MinWords is -1; it must be at least 0.");

    [Fact]
    public void Validate_ZeroMaximum_SaysTheRange() => Expect(new LengthOptions { MaxTokens = 0 }, "MaxTokens", "MaxTokens is 0; it must be at least 1.");

    [Fact]
    public void Validate_MinimumAboveMaximum_SaysBoth() => Expect(
        new LengthOptions { MinSentences = 4, MaxSentences = 3 },
        "MinSentences",
        "MinSentences is 4, which is above MaxSentences, 3. Lower the one or raise the other.");

    [Fact]
    public void Validate_MoreSentencesThanWords_SaysBoth() => Expect(
        new LengthOptions { MinSentences = 4, MaxWords = 3 },
        "MinSentences",
        "MinSentences is 4 and MaxWords is 3, but a sentence has at least one word. Lower the one or raise the other.");

    private static void Expect(LengthOptions options, string option, string message)
    {
        var error = Assert.Throws<InvalidConstraintException>(options.Validate);
        Assert.Equal(message, error.Message);
        Assert.Equal(option, error.Option);
    }
}
