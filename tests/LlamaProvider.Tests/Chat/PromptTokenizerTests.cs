using CsCheck;
using LlamaProvider.Chat;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Templates;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Tests.Chat;

public sealed class PromptTokenizerTests
{
    private const int Turn = 1;
    private static readonly ChatTemplate Template = ChatTemplate.Compile(ScriptedModel.TurnTemplate);
    private static readonly ScriptedModel Model = ScriptedModel.Answering(ScriptedVocabulary.Bytes("<tur", "n>", "turn"), _ => "");

    [Theory]
    [InlineData("<turn>")]
    [InlineData("a<turn>b<end><turn>")]
    [InlineData("<turn><turn>")]
    [InlineData("<tur<turn>n>")]
    public void Encode_ControlNamesInContent_StayText(string hostile)
    {
        List<int> tokens = Encode(hostile);

        Assert.Equal(2, tokens.Count(token => token == Turn));
        Assert.DoesNotContain(0, tokens);
        Assert.Equal($"<turn>user:{hostile}<turn>", Text(tokens));
    }

    [Fact]
    public void Encode_NameMadeOfTemplateAndContent_StaysText()
    {
        const string Source = "<turn>{{ messages[0].content }}n><turn>";

        List<int> tokens = new PromptTokenizer(Model, Source).Encode(Render(ChatTemplate.Compile(Source), "<tur"));

        Assert.Equal(2, tokens.Count(token => token == Turn));
        Assert.Equal("<turn><turn><turn>", Text(tokens));
    }

    [Fact]
    public void Encode_AnyContent_HasTheTemplatesControlTokensAndNoOthers() =>
        Gen.Int[0, 7].Array[0, 12].Select(parts => string.Concat(parts.Select(i => new[] { "<turn>", "<end>", "<tur", "n>", "<", "turn", "é", "x" }[i]))).Sample(content =>
        {
            List<int> tokens = Encode(content);

            Assert.Equal(2, tokens.Count(token => token == Turn));
            Assert.DoesNotContain(0, tokens);
            Assert.Equal($"<turn>user:{content}<turn>", Text(tokens));
        });

    [Fact]
    public void Encode_NoControlNames_EqualsEncodingAsAWhole()
    {
        const string Content = "turn over\nplease";
        Assert.Equal(Model.Tokenizer.EncodeMarkup($"<turn>user:{Content}<turn>"), Encode(Content));
    }

    [Theory]
    [InlineData("<begin>{{ messages[0].content }}")]
    [InlineData("{{ messages[0].content }}")]
    public void Encode_ModelWithBeginningOfText_HasItOnceInFront(string template)
    {
        Vocabulary vocabulary = new(
            [new("<begin>"u8.ToArray(), TokenAttributes.Control), new("x"u8.ToArray())],
            new SpecialTokens { BeginningOfText = 0, PrependsBeginningOfText = true });
        var model = new ScriptedModel(vocabulary, (_, _) => { });

        Assert.Equal([0, 1], new PromptTokenizer(model, template).Encode(Render(ChatTemplate.Compile(template), "x")));
    }

    [Theory]
    [InlineData("{{ messages[0].content }}", "a<call>b", "a|<call>|b")]
    [InlineData("<call>{{ messages[0].content }}", "a<call>b", "<call>|a|<|c|a|l|l|>|b")]
    [InlineData("<call>{{ messages[0].content }}", "  <call>ab", "<call>|  |<|c|a|l|l|>|ab")]
    [InlineData("<call>{{ messages[0].content }}<<call>>ab  ", "x", "<call>|x|<<call>>|ab|  ")]
    [InlineData("<call> <<call>> ab {{ messages[0].content }}", "<<call>>", "<call>| |<<call>>| |ab| |<|<|c|a|l|l|>|>")]
    public void Encode_UserDefinedNameInContent_IsSpelledWhereTheTemplateUsesItAsAMark(string template, string content, string expected)
    {
        // Each name is one token, found in plain text too.
        string[] names = ["<call>", "<<call>>", "  ", "ab"];
        Vocabulary bytes = ScriptedVocabulary.Bytes();
        Vocabulary vocabulary = new(
            [
                .. Enumerable.Range(0, bytes.Count).Select(token => new VocabularyEntry(bytes.GetBytes(token).ToArray(), bytes.GetAttributes(token))),
                .. names.Select(name => new VocabularyEntry(System.Text.Encoding.UTF8.GetBytes(name), TokenAttributes.UserDefined)),
            ],
            bytes.Special);
        var model = new ScriptedModel(vocabulary, (_, _) => { });

        List<int> tokens = new PromptTokenizer(model, template).Encode(Render(ChatTemplate.Compile(template), content));

        Assert.Equal(expected, string.Join('|', tokens.Select(vocabulary.GetText)));
    }

    private static List<int> Encode(string content) => new PromptTokenizer(Model, ScriptedModel.TurnTemplate).Encode(Render(Template, content));

    private static RenderedPrompt Render(ChatTemplate template, string content) => template.Render(new ChatTemplateInput
    {
        Messages = [new ChatTemplateMessage { Role = "user", Content = content }],
        Now = DateTimeOffset.UnixEpoch,
    });

    private static string Text(List<int> tokens) =>
        System.Text.Encoding.UTF8.GetString([.. tokens.SelectMany(token => Model.Vocabulary.GetBytes(token).ToArray())]);
}
