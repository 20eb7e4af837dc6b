using LlamaProvider.Chat;
using LlamaProvider.Decoding.Constraints.Definitions;
using LlamaProvider.Decoding.Constraints.Lengths;
using LlamaProvider.Decoding.Constraints.Phrases;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Chat;

/// <summary>Phrases and lengths join whichever other constraint there is; raw options go before keys.</summary>
public sealed class ConditionsReaderTests
{
    private static readonly PhraseOptions A = new() { Phrases = ["a"] };
    private static readonly PhraseOptions B = new() { Phrases = ["b"] };
    private static readonly LengthOptions Nine = new() { MaxWords = 9 };

    [Fact]
    public void Read_ConditionsAlone_AreOfFreeText()
    {
        Assert.Equal(
            new RequestedConstraint("llama.required_phrases and llama.forbidden_phrases and llama.lengths", new ConditionsDefinition(null, A, B, Nine)),
            ConstraintReader.Read(new ChatOptions().RequirePhrases("a").ForbidPhrases("b").RequireMaxWords(9), null));
    }

    [Fact]
    public void Read_WithAnotherConstraint_HoldInItsTexts()
    {
        Assert.Equal(
            new RequestedConstraint("llama.regex and llama.required_phrases", new ConditionsDefinition(new RegexDefinition("a+"), A, PhraseOptions.None, LengthOptions.None)),
            ConstraintReader.Read(new ChatOptions().UseRegex("a+").RequirePhrases("a"), null));
        Assert.Equal(
            "ResponseFormat and llama.lengths", ConstraintReader.Read(new ChatOptions { ResponseFormat = ChatResponseFormat.Json }.RequireMaxWords(9), null)!.Option);
    }

    [Fact]
    public void Read_SeveralPlaces_TheStrongestWins()
    {
        ChatOptions options = new ChatOptions().RequirePhrases("x").ForbidPhrases("y").RequireMinTokens(5);

        Assert.Equal(
            new RequestedConstraint(
                "LlamaGenerationOptions.RequiredPhrases and LlamaGenerationOptions.ForbiddenPhrases and LlamaGenerationOptions.Lengths", new ConditionsDefinition(null, A, B, Nine)),
            ConstraintReader.Read(options, new LlamaGenerationOptions { RequiredPhrases = A, ForbiddenPhrases = B, Lengths = Nine }));
    }

    [Fact]
    public void Read_NoPhraseAndNoLength_AreNoConstraint()
    {
        Assert.Null(ConstraintReader.Read(new ChatOptions().RequirePhrases().UseLengths(LengthOptions.None), null));
        Assert.Equal(
            new RequestedConstraint("llama.regex", new RegexDefinition("a")),
            ConstraintReader.Read(new ChatOptions().UseRegex("a").ForbidPhrases("x"), new LlamaGenerationOptions { ForbiddenPhrases = PhraseOptions.None }));
    }

    [Fact]
    public void Read_MinimumAboveMaxOutputTokens_IsRefusedByName()
    {
        var error = Assert.Throws<OptionsConflictException>(() => ConstraintReader.Read(new ChatOptions { MaxOutputTokens = 4 }.RequireMinTokens(5), null));

        Assert.Equal(("MaxOutputTokens", "llama.lengths"), (error.First, error.Second));
        Assert.Equal("MaxOutputTokens is 4, but llama.lengths asks for at least 5 tokens. Raise the one or lower the other.", error.Message);
    }
}
