using System.Text.Json;
using System.Text.Json.Nodes;
using LlamaProvider.Decoding.Constraints.Definitions;
using LlamaProvider.Decoding.Constraints.JsonSchema;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;

namespace LlamaProvider.Tests.Options;

/// <summary>Constraints on ChatOptions survive whatever frameworks do with options.</summary>
public sealed class ConstraintChatOptionsTests
{
    private const string Schema = """{"type":"object","properties":{"a":{"const":1.50}}}""";
    private static readonly JsonSchemaOptions Compact = new() { Whitespace = JsonWhitespace.Compact, PropertyOrder = JsonPropertyOrder.Any };

    public static TheoryData<object> SchemaForms { get; } =
    [
        JsonElement.Parse(Schema),
        Schema,
        JsonSerializer.SerializeToElement(Schema),
        JsonDocument.Parse(Schema),
        JsonNode.Parse(Schema)!,
        new Dictionary<string, object?>
        {
            ["type"] = "object",
            ["properties"] = new Dictionary<string, object?> { ["a"] = new Dictionary<string, object?> { ["const"] = 1.50m } },
        },
    ];

    [Theory]
    [MemberData(nameof(SchemaForms), DisableDiscoveryEnumeration = true)]
    public void GetJsonSchema_AnyFormOfTheValue_IsTheSchema(object value) =>
        Assert.Equal(Schema, With("llama.json_schema", value).GetJsonSchema()!.Value.GetRawText());

    [Fact]
    public void UseJsonSchema_ElementOrText_IsStoredAsJson()
    {
        var options = new ChatOptions();

        Assert.Null(options.GetJsonSchema());
        Assert.Same(options, options.UseJsonSchema(Schema, Compact));
        Assert.IsType<JsonElement>(options.AdditionalProperties!["llama.json_schema"]);
        Assert.Equal("""{"whitespace":"compact","property_order":"any","on_unsupported":"refuse"}""", options.AdditionalProperties["llama.json_schema_options"]!.ToString());
        Assert.Equal((Schema, Compact), (options.GetJsonSchema()!.Value.GetRawText(), options.GetJsonSchemaOptions()));

        options.UseJsonSchema(JsonElement.Parse("true"));
        Assert.Equal((JsonValueKind.True, null), (options.GetJsonSchema()!.Value.ValueKind, options.GetJsonSchemaOptions()));
    }

    [Fact]
    public void UseJsonSchema_OfAType_RequiresItsMembersAndNoOthers()
    {
        string schema = new ChatOptions().UseJsonSchema<Person>(JsonSerializerOptions.Web).GetJsonSchema()!.Value.GetRawText();

        Assert.Contains("""
            "properties":{"name":{"type":"string"},"age":{"type":["integer","null"],"minimum":-2147483648,"maximum":2147483647}}
            """.Trim(), schema, StringComparison.Ordinal);
        Assert.Contains("\"required\":[\"name\",\"age\"]", schema, StringComparison.Ordinal);
        Assert.Contains("\"additionalProperties\":false", schema, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[0-9]")]
    [InlineData("\"quoted\"")]
    [InlineData("17")]
    [InlineData("line\nü")]
    public void UseRegexAndGrammar_TextThatLooksLikeJson_StaysAsItIs(string text)
    {
        ChatOptions options = new ChatOptions().UseRegex(text).UseGrammar(text);

        Assert.Equal((text, text), (options.GetRegex(), options.GetGrammar()));
        Assert.Equal(text, With("llama.regex", text).GetRegex());
        Assert.Equal(text, With("llama.regex", JsonValue.Create(text)).GetRegex());
    }

    [Fact]
    public void Json_RoundTripOfOptions_KeepsTheConstraints()
    {
        string json = JsonSerializer.Serialize(new ChatOptions().UseJsonSchema(Schema, Compact).UseRegex("a+").UseGrammar("root ::= \"a\""), AIJsonUtilities.DefaultOptions);
        ChatOptions options = JsonSerializer.Deserialize<ChatOptions>(json, AIJsonUtilities.DefaultOptions)!.Clone();

        // Their serializer indents, which makes no difference to what is compiled.
        Assert.Equal(
            JsonSchemaDefinition.Create(JsonElement.Parse(Schema), Compact), JsonSchemaDefinition.Create(options.GetJsonSchema()!.Value, options.GetJsonSchemaOptions()!));
        Assert.Equal(("a+", "root ::= \"a\""), (options.GetRegex(), options.GetGrammar()));
    }

    [Fact]
    public void SemanticKernel_SettingsFromJson_CarryTheConstraints()
    {
        PromptExecutionSettings settings = JsonSerializer.Deserialize<PromptExecutionSettings>(
            $$"""{"llama.json_schema": {{Schema}}, "llama.json_schema_options": {"whitespace": "compact"}, "llama.regex": "[0-9]+"}""")!;
        var options = new ChatOptions { AdditionalProperties = new(settings.ExtensionData!.ToDictionary(pair => pair.Key, pair => (object?)pair.Value)) };

        Assert.Equal((Schema, Compact with { PropertyOrder = JsonPropertyOrder.Schema }), (options.GetJsonSchema()!.Value.GetRawText(), options.GetJsonSchemaOptions()));
        Assert.Equal("[0-9]+", options.GetRegex());
    }

    public static TheoryData<string, object, string> Refused { get; } = new()
    {
        { "llama.regex", 5, "llama.regex is 5, but must be a text. Change the option or leave it unset." },
        { "llama.grammar", JsonElement.Parse("[1]"), "llama.grammar is [1], but must be a text. Change the option or leave it unset." },
        { "llama.regex", TimeSpan.Zero, "llama.regex is a System.TimeSpan, which cannot be read. Give JSON, or use the extension method that writes it." },
        { "llama.json_schema", TimeSpan.Zero, "llama.json_schema is a System.TimeSpan, which cannot be read. Give JSON, or use the extension method that writes it." },
        { "llama.json_schema_options", """{"whitespace":"wide"}""", """llama.json_schema_options is {"whitespace":"wide"}, """ + OptionsRule },
        { "llama.json_schema_options", """{"whitespace":1}""", """llama.json_schema_options is {"whitespace":1}, """ + OptionsRule },
        { "llama.json_schema_options", """{"indent":1}""", """llama.json_schema_options is {"indent":1}, """ + OptionsRule },
        { "llama.json_schema_options", "compact", "llama.json_schema_options is \"compact\", " + OptionsRule },
    };

    private const string OptionsRule = "but must be an object of values that docs/constraints.md names, such as {\"whitespace\":\"flexible\",\"property_order\":\"schema\",\"on_unsupported\":\"refuse\"}. Change the option or leave it unset.";

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void Get_BadValue_NamesOptionValueAndRule(string key, object value, string message)
    {
        ChatOptions options = With(key, value);

        var error = Assert.Throws<OptionNotSupportedException>(() => (options.GetRegex(), options.GetGrammar(), options.GetJsonSchema(), options.GetJsonSchemaOptions()));

        Assert.Equal((key, message), (error.Option, error.Message));
    }

    [Fact]
    public void UseJsonSchema_TextIsNotJson_SaysWhere()
    {
        var error = Assert.Throws<InvalidJsonSchemaException>(() => new ChatOptions().UseJsonSchema("{\"type\": object}"));

        Assert.StartsWith("The JSON schema is invalid at #: the text is not JSON. 'o' is an invalid start of a value.", error.Message, StringComparison.Ordinal);
        Assert.Equal(error.Message, Assert.Throws<InvalidJsonSchemaException>(() => With("llama.json_schema", "{\"type\": object}").GetJsonSchema()).Message);
    }

    private static ChatOptions With(string key, object value) => new() { AdditionalProperties = new() { [key] = value } };

    private sealed record Person(string Name, int? Age);
}
