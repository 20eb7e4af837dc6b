using System.Text;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Composition;
using LlamaProvider.Decoding.Constraints.Definitions;
using LlamaProvider.Decoding.Constraints.JsonSchema;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Constraints.Composition;

public sealed class CompositeDefinitionTests
{
    private static readonly TextPart Call = TextPart.Of(
        new TextPart.Literal("<call>"), new TextPart.Constrained(Schema("""{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"],"additionalProperties":false}""")), new TextPart.Literal("</call>"));

    private static readonly TextPart FreeThenCall = TextPart.Of(new TextPart.FreeText { Without = ["<call>"] }, TextPart.Optional(Call));

    [Theory]
    [InlineData("", true)]
    [InlineData("any text at all, é 😀", true)]
    [InlineData("not <cal", true)]
    [InlineData("<call>", false)]
    [InlineData("text <call>{\"a\":", false)]
    [InlineData("text <call>{\"a\": 12}</call>", true)]
    [InlineData("<call<call>{\"a\":1}</call>", true)]
    public void Compile_FreeTextUpToATrigger_TheTextMayEndWhereACallIsWhole(string text, bool canEnd)
    {
        GrammarMatcher matcher = Match(FreeThenCall);

        Assert.True(matcher.Accept(Encoding.UTF8.GetBytes(text)));
        Assert.Equal(canEnd, matcher.CanEnd);
    }

    [Theory]
    [InlineData("text <call>{\"b\"")]
    [InlineData("text <call>{\"a\":1.5")]
    [InlineData("text <call>{\"a\":1}</call>.")]
    [InlineData("text <call>x")]
    public void Compile_FreeTextUpToATrigger_NothingButACallFollowsIt(string text) => Assert.False(Match(FreeThenCall).Accept(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void FillMask_BeforeATriggerThatSharesATokenWithTheText_AllowsWhatLeadsIntoTheCallOnly()
    {
        GrammarMatcher matcher = Match(FreeThenCall, out CompiledGrammar grammar, "x<", "call>", "call>{", "call>x", "call");
        Assert.True(matcher.Accept("x<"u8));

        var mask = new TokenMask(grammar.Vocabulary.Vocabulary.Count);
        matcher.FillMask(mask);

        bool Legal(string token) => mask[Enumerable.Range(0, mask.Size).Single(id => id > 257 && grammar.Vocabulary.Vocabulary.GetText(id) == token)];
        Assert.True(Legal("call>"));
        Assert.True(Legal("call>{"));
        Assert.True(Legal("call"));
        Assert.False(Legal("call>x"));
    }

    [Fact]
    public void Compile_NotBeginning_OnlyTheBeginningCounts()
    {
        var part = new TextPart.FreeText { NotBeginning = ["{"], Without = ["<call>"] };

        Assert.False(Match(part).Accept("{"u8));
        Assert.True(Match(part).Accept("a {"u8));
        Assert.False(Match(part).Accept("a <call>"u8));
    }

    [Fact]
    public void Compile_ATokenPart_IsMetByTheTokenAndNotByItsText()
    {
        int a = ScriptedVocabulary.Byte('a');
        GrammarMatcher matcher = Match(TextPart.Of(new TextPart.Literal("a"), new TextPart.Token(1), new TextPart.Literal("a")));

        Assert.True(matcher.Accept(a));
        Assert.False(matcher.Accept(Encoding.UTF8.GetBytes(ScriptedVocabulary.TurnStart)));
        Assert.True(matcher.Accept(1));
        Assert.True(matcher.Accept(a));
        Assert.True(matcher.CanEnd);
    }

    [Fact]
    public void Compile_RepetitionWithASeparator_CountsTheParts()
    {
        TextPart parts = TextPart.Of(Call, new TextPart.Repetition(TextPart.Of(new TextPart.Literal("\n"), Call), 0, 1));

        Assert.True(Match(parts).Accept("<call>{\"a\":1}</call>\n<call>{\"a\":2}</call>"u8));
        Assert.False(Match(parts).Accept("<call>{\"a\":1}</call>\n<call>{\"a\":2}</call>\n"u8));
    }

    [Fact]
    public void Compile_AConstraintThatMayBeEmpty_MayBeLeftOut()
    {
        TextPart part = TextPart.Of(new TextPart.Literal("("), new TextPart.Constrained(new RegexDefinition("[a-z]*")), new TextPart.Literal(")"));

        Assert.True(Match(part).Accept("()"u8));
        Assert.True(Match(part).Accept("(abc)"u8));
    }

    [Fact]
    public void Compile_APartOfAnOwnerIsWrong_NamesTheOwnerAndThePlace()
    {
        var part = new TextPart.Constrained(Schema("""{"properties":{"a":{"type":"integr"}}}"""), "Tool 'sum'");

        InvalidConstraintException error = Assert.Throws<InvalidConstraintException>(() => Match(part));

        Assert.Equal("Tool 'sum'", error.Option);
        Assert.StartsWith("Tool 'sum': ", error.Message, StringComparison.Ordinal);
        Assert.Contains("#/properties/a", error.Message, StringComparison.Ordinal);
        Assert.IsType<InvalidJsonSchemaException>(error.InnerException);
    }

    [Theory]
    [InlineData("17")]
    [InlineData("<think>x</think>\n17")]
    public void Compile_OptionalReasoning_TheAnswerFollowsWithOrWithoutIt(string text)
    {
        TextPart answer = new TextPart.Constrained(Schema("""{"type":"integer"}"""));
        TextPart reasoned = TextPart.Of(
            new TextPart.Literal("<think>"), new TextPart.FreeText { Without = ["</think>"] }, new TextPart.Literal("</think>"), new TextPart.Repetition(new TextPart.Literal("\n"), 0, 2), answer);
        GrammarMatcher matcher = Match(TextPart.AnyOf(answer, reasoned));
        var mask = new TokenMask(ScriptedVocabulary.Bytes().Count);

        foreach (char letter in text)
        {
            matcher.FillMask(mask);
            Assert.True(mask[ScriptedVocabulary.Byte(letter)], $"'{letter}' of '{text}' is not in the mask.");
            Assert.True(matcher.Accept(ScriptedVocabulary.Byte(letter)));
        }

        Assert.True(matcher.CanEnd);
    }

    [Fact]
    public void Compile_NoTextFits_Throws()
    {
        var part = new TextPart.FreeText { NotBeginning = [""] };

        Assert.Equal(
            "No text meets all parts of the constraint. Loosen those that exclude each other.", Assert.Throws<InvalidConstraintException>(() => Match(part)).Message);
    }

    [Fact]
    public void Equals_SameContent_IsEqual()
    {
        static TextPart Make(string mark) => TextPart.AnyOf(
            TextPart.Of(new TextPart.FreeText { Without = [mark] }, new TextPart.Token(3)), new TextPart.Constrained(new RegexDefinition("a"), "x"));

        Assert.Equal(new CompositeDefinition(Make("<")), new CompositeDefinition(Make("<")));
        Assert.Equal(Make("<").GetHashCode(), Make("<").GetHashCode());
        Assert.NotEqual(Make("<"), Make(">"));
    }

    private static JsonSchemaDefinition Schema(string schema) => JsonSchemaDefinition.Create(JsonSchemaDefinition.Parse(schema), JsonSchemaOptions.Default);

    private static GrammarMatcher Match(TextPart part) => Match(part, out _);

    private static GrammarMatcher Match(TextPart part, out CompiledGrammar grammar, params string[] tokens)
    {
        grammar = new CompositeDefinition(part).Compile(new ConstraintVocabulary(ScriptedVocabulary.Bytes(tokens)), ConstraintLimits.Default);
        return grammar.CreateMatcher();
    }
}
