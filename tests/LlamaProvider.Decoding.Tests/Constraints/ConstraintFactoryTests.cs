using System.Text;
using System.Text.Json;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.JsonSchema;
using LlamaProvider.Decoding.Constraints.Lengths;
using LlamaProvider.Decoding.Constraints.Phrases;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Model;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Constraints;

public sealed class ConstraintFactoryTests
{
    private static readonly ConstraintVocabulary Vocabulary = new(ScriptedVocabulary.Bytes("cat", " is", " a"));

    [Fact]
    public void Compile_RequiredIsForbidden_SaysSo() => Expect(
        "Every text with all required phrases contains a forbidden one. Require or forbid fewer.",
        required: new PhraseOptions { Phrases = ["a cat"] },
        forbidden: new PhraseOptions { Phrases = ["cat"] });

    [Fact]
    public void Compile_TooFewTokens_SaysWhatItTakes() => Expect(
        "The lengths leave no room: a text that meets all conditions takes 'cat is', 2 tokens, and the minima of words and sentences, but MaxTokens = 1. Raise the maxima.",
        required: new PhraseOptions { Phrases = ["cat is"] },
        lengths: new LengthOptions { MaxTokens = 1 });

    [Fact]
    public void Compile_TooFewWords_SaysWhatItTakes() => Expect(
        "The lengths leave no room: a text that meets all conditions takes 'cat is', 2 tokens, and the minima of words and sentences, but MaxTokens = 9, MaxWords = 1. Raise the maxima.",
        required: new PhraseOptions { Phrases = ["cat is"] },
        lengths: new LengthOptions { MaxTokens = 9, MaxWords = 1 });

    [Fact]
    public void Compile_PhraseWithoutTokens_SaysSo()
    {
        var vocabulary = new ConstraintVocabulary(new Vocabulary([new VocabularyEntry("a"u8.ToArray())], new SpecialTokens()));

        var error = Assert.Throws<InvalidConstraintException>(() => ConstraintFactory.Compile(
            vocabulary, required: new PhraseOptions { Phrases = ["b"] }, lengths: new LengthOptions { MaxTokens = 5 }));

        Assert.Equal("The vocabulary has no tokens that write 'b'. Require other phrases.", error.Message);
    }

    [Fact]
    public void FillMask_BudgetComesDownToThePhrase_LeavesOnlyTheWayToIt()
    {
        ITokenConstraint constraint = Create(new PhraseOptions { Phrases = ["cat is"] }, new LengthOptions { MaxTokens = 4 });

        Assert.True(Accepts(constraint, "x", "y"));
        Assert.Equal(["cat"], Legal(constraint));
        Assert.True(Accepts(constraint, "cat"));
        Assert.Equal([" is"], Legal(constraint));
        Assert.True(Accepts(constraint, " is"));
        Assert.Equal(["<end>"], Legal(constraint));
    }

    [Fact]
    public void FillMask_LastWordIsOver_OnlyFinishesIt()
    {
        ITokenConstraint constraint = Create(PhraseOptions.None, new LengthOptions { MaxWords = 2 });

        Assert.True(Accepts(constraint, "cat", " is"));
        Assert.Contains("x", Legal(constraint));
        Assert.Contains(" ", Legal(constraint));
        Assert.DoesNotContain(" a", Legal(constraint));
        Assert.True(Accepts(constraint, "."));
        Assert.DoesNotContain(" ", Legal(constraint));
        Assert.DoesNotContain("x", Legal(constraint));
        Assert.Contains("<end>", Legal(constraint));
    }

    [Fact]
    public void CanEnd_BeforeTheMinimum_IsFalse()
    {
        ITokenConstraint constraint = Create(PhraseOptions.None, new LengthOptions { MinTokens = 2 });

        Assert.True(Accepts(constraint, "cat"));
        Assert.False(constraint.CanEnd || constraint.Accept(0));
        Assert.True(Accepts(constraint, "cat"));
        Assert.True(constraint.CanEnd && constraint.Accept(0));
    }

    [Fact]
    public void CanEnd_GrammarHasNothingMoreToSay_GoesBeforeTheMinimum()
    {
        CompiledGrammar grammar = JsonSchemaCompiler.Compile(JsonDocument.Parse("""{"const":true}""").RootElement, Vocabulary);
        ITokenConstraint constraint = ConstraintFactory.Compile(Vocabulary, grammar, lengths: new LengthOptions { MinTokens = 50, MaxWords = 9 }).CreateMatcher();

        Assert.True(Accepts(constraint, "t", "r", "u"));
        Assert.False(constraint.CanEnd);
        Assert.True(Accepts(constraint, "e"));
        Assert.True(constraint.CanEnd && constraint.Accept(0));
    }

    private static ITokenConstraint Create(PhraseOptions required, LengthOptions lengths) =>
        ConstraintFactory.Compile(Vocabulary, required: required, lengths: lengths).CreateMatcher();

    private static bool Accepts(ITokenConstraint constraint, params string[] texts) => texts.All(text => constraint.Accept(
        Enumerable.Range(0, Vocabulary.Vocabulary.Count).First(token => Vocabulary.Vocabulary.GetBytes(token).SequenceEqual(Encoding.UTF8.GetBytes(text)))));

    private static List<string> Legal(ITokenConstraint constraint)
    {
        var mask = new TokenMask(Vocabulary.Vocabulary.Count);
        constraint.FillMask(mask);
        return [.. Enumerable.Range(0, mask.Size).Where(token => mask[token]).Select(Vocabulary.Vocabulary.GetText)];
    }

    private static void Expect(string message, PhraseOptions? required = null, PhraseOptions? forbidden = null, LengthOptions? lengths = null)
    {
        var error = Assert.Throws<InvalidConstraintException>(() => ConstraintFactory.Compile(Vocabulary, required: required, forbidden: forbidden, lengths: lengths));
        Assert.Equal(message, error.Message);
    }
}
