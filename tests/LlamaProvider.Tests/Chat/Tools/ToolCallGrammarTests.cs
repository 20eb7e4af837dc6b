using System.Text;
using System.Text.Json;
using LlamaProvider.Chat;
using LlamaProvider.Chat.Tools;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Composition;
using LlamaProvider.Decoding.Constraints.Definitions;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Tests.Chat.Tools;

public sealed class ToolCallGrammarTests
{
    private static readonly ToolDeclaration Sum = Tool("sum", """{"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"integer"}},"required":["a"]}""");
    private static readonly ToolDeclaration Note = Tool("note", """{"type":"object","properties":{"text":{"type":"string"},"kind":{"enum":["idea","task"]}},"required":["text"]}""");
    private static readonly TextPart Final = new TextPart.Constrained(new RegexDefinition("[0-9]+"));

    [Theory]
    [InlineData("Some text.", true)]
    [InlineData("Text <tool_call>\n{\"name\": \"sum\", \"arguments\": {\"a\": 1}}\n</tool_call>", true)]
    [InlineData("<tool_call>\n{\"name\": \"sum\", \"arguments\": {\"b\": 1}}\n</tool_call>", false)]
    [InlineData("<tool_call>\n{\"name\": \"sum\", \"arguments\": {\"a\": 1, \"c\": 1}}\n</tool_call>", false)]
    [InlineData("<tool_call>\n{\"name\": \"sub\", \"arguments\": {}}\n</tool_call>", false)]
    [InlineData("<tool_call>\n{\"name\": \"sum\", \"arguments\": {\"a\": 1}}\n</tool_call> more", false)]
    public void Answer_Auto_IsTextThenCalls(string text, bool isLegal) => Assert.Equal(isLegal, Fits(text, new ToolRequest([Sum, Note], false, true)));

    [Fact]
    public void Answer_Required_IsCallsOnly()
    {
        var request = new ToolRequest([Sum], IsRequired: true, AllowsSeveral: true);

        Assert.False(Fits("Text.", request));
        Assert.False(Fits("", request));
        Assert.True(Fits("<tool_call>\n{\"name\": \"sum\", \"arguments\": {\"a\": 1}}\n</tool_call>", request));
    }

    [Fact]
    public void Answer_OneCallOnly_TwoAreIllegal()
    {
        string call = "<tool_call>\n{\"name\": \"sum\", \"arguments\": {\"a\": 1}}\n</tool_call>";

        Assert.True(Fits($"{call}\n{call}", new ToolRequest([Sum], false, AllowsSeveral: true)));
        Assert.False(Fits($"{call}\n{call}", new ToolRequest([Sum], false, AllowsSeveral: false)));
    }

    [Theory]
    [InlineData("42", true)]
    [InlineData("forty", false)]
    [InlineData("<tool_call>\n{\"name\": \"sum\", \"arguments\": {\"a\": 1}}\n</tool_call>", true)]
    [InlineData("42<tool_call>\n{\"name\": \"sum\", \"arguments\": {\"a\": 1}}\n</tool_call>", false)]
    public void Answer_WithAConstraint_IsCallsOrWhatItAllows(string text, bool isLegal) => Assert.Equal(isLegal, Fits(text, new ToolRequest([Sum], false, true), final: Final));

    [Theory]
    [InlineData("Just { text }", true)]
    [InlineData("{\"name\": \"sum\", \"parameters\": {\"a\": 1}}", true)]
    [InlineData("{\"name\": \"other\"}", false)]
    public void Answer_FormatWithoutAMark_OtherTextBeginsOtherwise(string text, bool isLegal) => Assert.Equal(isLegal, Fits(text, new ToolRequest([Sum], false, true), "llama3"));

    [Theory]
    [InlineData("<tool_call>\n<function=note>\n<parameter=text>\nfree < text >\n</parameter>\n</function>\n</tool_call>", true)]
    [InlineData("<tool_call>\n<function=note>\n<parameter=text>\nx\n</parameter>\n<parameter=kind>\ntask\n</parameter>\n</function>\n</tool_call>", true)]
    [InlineData("<tool_call>\n<function=note>\n<parameter=text>\nx\n</parameter>\n<parameter=kind>\nother\n</parameter>\n</function>\n</tool_call>", false)]
    [InlineData("<tool_call>\n<function=note>\n<parameter=kind>\nidea\n</parameter>\n</function>\n</tool_call>", false)]
    [InlineData("<tool_call>\n<function=sum>\n<parameter=a>\n1\n</parameter>\n<parameter=b>\n2\n</parameter>\n</function>\n</tool_call>", true)]
    [InlineData("<tool_call>\n<function=sum>\n<parameter=a>\n1.5\n</parameter>\n</function>\n</tool_call>", false)]
    [InlineData("<tool_call>\n<function=sum>\n</function>\n</tool_call>", false)]
    public void Answer_TaggedArguments_AreBoundToTheSchema(string text, bool isLegal) => Assert.Equal(isLegal, Fits(text, new ToolRequest([Sum, Note], false, true), "qwen3-coder"));

    [Fact]
    public void Answer_ASchemaThatIsNone_NamesToolAndPlace()
    {
        ToolDeclaration tool = Tool("bad", """{"type":"object","properties":{"x":{"type":"lst"}}}""");

        InvalidConstraintException error = Assert.Throws<InvalidConstraintException>(() => Fits("", new ToolRequest([Sum, tool], false, true)));

        Assert.Equal("Tool 'bad'", error.Option);
        Assert.Contains("#/properties/x", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Answer_ATextWithAPatternInAFormatWithoutQuotes_IsRefused()
    {
        ToolDeclaration tool = Tool("find", """{"type":"object","properties":{"code":{"type":"string","pattern":"^[A-Z]+$"}}}""");

        InvalidToolException error = Assert.Throws<InvalidToolException>(() => Fits("", new ToolRequest([tool], false, true), "qwen3-coder"));

        Assert.Equal(
            "Tool 'find': the keyword 'pattern' at #/properties/code cannot be enforced, as this model writes texts without JSON's quotes. Remove the keyword, list the values with 'enum', " +
            "or set LlamaChatClientOptions.ToolFormat to a format with JSON arguments.",
            error.Message);
    }

    private static ToolDeclaration Tool(string name, string schema) => new(name, "", JsonElement.Parse(schema));

    private static bool Fits(string text, ToolRequest request, string format = KnownToolFormats.Generic, TextPart? final = null)
    {
        var grammar = new ToolCallGrammar(KnownToolFormats.All[format], new Markup(ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes())));
        GrammarMatcher matcher = new CompositeDefinition(grammar.Answer(request, final))
            .Compile(new ConstraintVocabulary(ScriptedVocabulary.Bytes()), ConstraintLimits.Default).CreateMatcher();
        return matcher.Accept(Encoding.UTF8.GetBytes(text)) && matcher.CanEnd;
    }
}
