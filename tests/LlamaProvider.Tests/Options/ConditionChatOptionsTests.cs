using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Lengths;
using LlamaProvider.Decoding.Constraints.Phrases;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;

namespace LlamaProvider.Tests.Options;

/// <summary>Phrases and lengths on ChatOptions survive whatever frameworks do with options.</summary>
public sealed class ConditionChatOptionsTests
{
    private static readonly PhraseOptions AnyCase = new() { Phrases = ["cat", "12"], IgnoreCase = true };

    public static TheoryData<object, PhraseOptions> PhraseForms { get; } = new()
    {
        { AnyCase, AnyCase },
        { JsonElement.Parse("""{"phrases":["cat","12"],"ignore_case":true}"""), AnyCase },
        { """{"phrases":["cat","12"],"ignore_case":"True"}""", AnyCase },
        { JsonNode.Parse("""{"phrases":["cat","12"],"ignore_case":true}""")!, AnyCase },
        { new Dictionary<string, object?> { ["phrases"] = (string[])["cat", "12"], ["ignore_case"] = true }, AnyCase },
        { (string[])["cat", "12"], AnyCase with { IgnoreCase = false } },
        { Enumerable.Range(0, 2).Select(i => i == 0 ? "cat" : "12"), AnyCase with { IgnoreCase = false } },
        { new List<object?> { "cat", 12 }, AnyCase with { IgnoreCase = false } },
        { JsonElement.Parse("""["cat","12"]"""), AnyCase with { IgnoreCase = false } },
        { "12", new PhraseOptions { Phrases = ["12"] } },
        { "[sic]", new PhraseOptions { Phrases = ["[sic]"] } },
        { JsonSerializer.SerializeToElement("\"so\""), new PhraseOptions { Phrases = ["\"so\""] } },
    };

    [Theory]
    [MemberData(nameof(PhraseForms), DisableDiscoveryEnumeration = true)]
    public void GetPhrases_AnyFormOfTheValue_AreThePhrases(object value, PhraseOptions expected)
    {
        Assert.Equal(expected, With("llama.required_phrases", value).GetRequiredPhrases());
        Assert.Equal(expected, With("llama.forbidden_phrases", value).GetForbiddenPhrases());
    }

    public static TheoryData<object> LengthForms { get; } =
    [
        new LengthOptions { MinTokens = 5, MaxWords = 40 },
        JsonElement.Parse("""{"min_tokens":5.0,"max_words":"40","max_tokens":null}"""),
        """{"min_tokens":5,"max_words":40}""",
        new Dictionary<string, object?> { ["min_tokens"] = 5d, ["max_words"] = 40L },
    ];

    [Theory]
    [MemberData(nameof(LengthForms), DisableDiscoveryEnumeration = true)]
    public void GetLengths_AnyFormOfTheValue_AreTheLengths(object value) =>
        Assert.Equal(new LengthOptions { MinTokens = 5, MaxWords = 40 }, With("llama.lengths", value).GetLengths());

    [Fact]
    public void Set_EachKind_IsStoredAsJson()
    {
        var options = new ChatOptions();
        Assert.Equal((null, null, null), (options.GetRequiredPhrases(), options.GetForbiddenPhrases(), options.GetLengths()));

        Assert.Same(options, options.RequirePhrases("a", "b").ForbidPhrases(AnyCase with { WholeWords = true }).RequireMinTokens(3).RequireMaxWords(9));

        Assert.All(options.AdditionalProperties!.Values, value => Assert.IsType<JsonElement>(value));
        Assert.Equal("""{"phrases":["a","b"],"ignore_case":false,"whole_words":false}""", options.AdditionalProperties["llama.required_phrases"]!.ToString());
        Assert.Equal("""{"phrases":["cat","12"],"ignore_case":true,"whole_words":true}""", options.AdditionalProperties["llama.forbidden_phrases"]!.ToString());
        Assert.Equal("""{"min_tokens":3,"max_words":9}""", options.AdditionalProperties["llama.lengths"]!.ToString());
    }

    [Fact]
    public void UseLengths_AfterOthers_ReplacesThem()
    {
        ChatOptions options = new ChatOptions().RequireMinTokens(3).UseLengths(new LengthOptions { MaxSentences = 2 });

        Assert.Equal(new LengthOptions { MaxSentences = 2 }, options.GetLengths());
        Assert.Equal(new LengthOptions { MaxSentences = 2, MaxWords = 7 }, options.RequireMaxWords(7).GetLengths());
    }

    [Fact]
    public void Json_RoundTripOfOptions_KeepsTheConditions()
    {
        var lengths = new LengthOptions { MinTokens = 1, MaxTokens = 60, MinWords = 2, MaxWords = 30, MinSentences = 1, MaxSentences = 4 };
        ChatOptions options = new ChatOptions().RequirePhrases(AnyCase).ForbidPhrases("\"", "ü\n").UseLengths(lengths);
        string json = JsonSerializer.Serialize(options, AIJsonUtilities.DefaultOptions);
        ChatOptions read = JsonSerializer.Deserialize<ChatOptions>(json, AIJsonUtilities.DefaultOptions)!.Clone();

        Assert.Equal((AnyCase, lengths), (read.GetRequiredPhrases(), read.GetLengths()));
        Assert.Equal(["\"", "ü\n"], read.GetForbiddenPhrases()!.Phrases);
    }

    [Fact]
    public void SemanticKernel_SettingsFromJson_CarryTheConditions()
    {
        PromptExecutionSettings settings = JsonSerializer.Deserialize<PromptExecutionSettings>(
            """{"llama.required_phrases": ["cat", "12"], "llama.forbidden_phrases": "dog", "llama.lengths": {"max_words": 12}}""")!;
        var options = new ChatOptions { AdditionalProperties = new(settings.ExtensionData!.ToDictionary(pair => pair.Key, pair => (object?)pair.Value)) };

        Assert.Equal(AnyCase with { IgnoreCase = false }, options.GetRequiredPhrases());
        Assert.Equal(["dog"], options.GetForbiddenPhrases()!.Phrases);
        Assert.Equal(12, options.GetLengths()!.MaxWords);
    }

    private const string PhraseRule =
        "but must be a list of texts or an object with it, such as {\"phrases\":[\"a phrase\"],\"ignore_case\":false,\"whole_words\":false}. Change the option or leave it unset.";

    private const string LengthRule =
        "but must be an object of whole numbers that docs/constraints.md names, such as {\"min_tokens\": 20, \"max_words\": 100}. Change the option or leave it unset.";

    public static TheoryData<string, object, string> Refused { get; } = new()
    {
        { "llama.required_phrases", 5, "llama.required_phrases is 5, " + PhraseRule },
        { "llama.forbidden_phrases", """{"texts":["a"]}""", """llama.forbidden_phrases is {"texts":["a"]}, """ + PhraseRule },
        { "llama.required_phrases", """{"phrases":["a"],"ignore_case":1}""", """llama.required_phrases is {"phrases":["a"],"ignore_case":1}, """ + PhraseRule },
        { "llama.required_phrases", new object?[] { "a", null }, """llama.required_phrases is ["a",null], """ + PhraseRule },
        { "llama.required_phrases", TimeSpan.Zero, "llama.required_phrases is a System.TimeSpan, which cannot be read. Give JSON, or use the extension method that writes it." },
        { "llama.lengths", 5, "llama.lengths is 5, " + LengthRule },
        { "llama.lengths", """{"max_words":1.5}""", """llama.lengths is {"max_words":1.5}, """ + LengthRule },
        { "llama.lengths", """{"max_letters":1}""", """llama.lengths is {"max_letters":1}, """ + LengthRule },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void Get_BadValue_NamesOptionValueAndRule(string key, object value, string message)
    {
        ChatOptions options = With(key, value);

        var error = Assert.Throws<OptionNotSupportedException>(() => (options.GetRequiredPhrases(), options.GetForbiddenPhrases(), options.GetLengths()));

        Assert.Equal((key, message), (error.Option, error.Message));
    }

    public static TheoryData<Action<ChatOptions>, string> OutOfRange { get; } = new()
    {
        { options => options.RequirePhrases("a", ""), "RequirePhrases[1] is empty. A phrase has at least one character. Remove it." },
        { options => options.RequirePhrases([.. Enumerable.Repeat("a", 17)]), "RequirePhrases has 17 phrases; at most 16 can be required. Require fewer." },
        { options => options.ForbidPhrases(new PhraseOptions { Phrases = default(ImmutableArray<string>) }), "ForbidPhrases has an array of phrases that was never made. Give [] for no phrase." },
        { options => options.RequireMinTokens(-1), "MinTokens is -1; it must be at least 0." },
        { options => options.RequireMaxWords(0), "MaxWords is 0; it must be at least 1." },
        { options => options.UseLengths(new() { MaxTokens = 5 }).RequireMinTokens(6), "MinTokens is 6, which is above MaxTokens, 5. Lower the one or raise the other." },
    };

    [Theory]
    [MemberData(nameof(OutOfRange), DisableDiscoveryEnumeration = true)]
    public void Set_ValueOutOfRange_IsRefusedAtOnce(Action<ChatOptions> set, string message)
    {
        var options = new ChatOptions();

        Assert.Equal(message, Assert.Throws<InvalidConstraintException>(() => set(options)).Message);
    }

    private static ChatOptions With(string key, object value) => new() { AdditionalProperties = new() { [key] = value } };
}
