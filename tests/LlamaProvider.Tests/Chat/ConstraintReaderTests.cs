using System.Text.Json;
using LlamaProvider.Chat;
using LlamaProvider.Decoding.Constraints.Definitions;
using LlamaProvider.Decoding.Constraints.JsonSchema;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Chat;

/// <summary>Precedence of constraints: raw options, then AdditionalProperties, then ResponseFormat.</summary>
public sealed class ConstraintReaderTests
{
    private static readonly JsonElement True = JsonElement.Parse("true");

    [Fact]
    public void Read_NothingSet_IsNoConstraint()
    {
        Assert.Null(ConstraintReader.Read(new ChatOptions(), null));
        Assert.Null(ConstraintReader.Read(new ChatOptions { ResponseFormat = ChatResponseFormat.Text }, new LlamaGenerationOptions()));
    }

    [Fact]
    public void Read_ResponseFormat_IsAnObjectOrItsSchema()
    {
        Assert.Equal(
            new RequestedConstraint("ResponseFormat", new JsonSchemaDefinition("""{"type":"object"}""", JsonSchemaOptions.Default)),
            ConstraintReader.Read(new ChatOptions { ResponseFormat = ChatResponseFormat.Json }, null));
        Assert.Equal(
            new RequestedConstraint("ResponseFormat", new JsonSchemaDefinition("true", JsonSchemaOptions.Default)),
            ConstraintReader.Read(new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(True) }, null));
    }

    [Fact]
    public void Read_SchemaInSeveralPlaces_TheStrongestWins()
    {
        var options = new ChatOptions { ResponseFormat = ChatResponseFormat.Json };
        options.UseJsonSchema("""{"type":"array"}""", new JsonSchemaOptions { Whitespace = JsonWhitespace.Compact });

        Assert.Equal(
            new RequestedConstraint("llama.json_schema", new JsonSchemaDefinition("""{"type":"array"}""", new JsonSchemaOptions { Whitespace = JsonWhitespace.Compact })),
            ConstraintReader.Read(options, null));
        Assert.Equal(
            new RequestedConstraint("LlamaGenerationOptions.JsonSchema", new JsonSchemaDefinition("true", JsonSchemaOptions.Default)),
            ConstraintReader.Read(options, new LlamaGenerationOptions { JsonSchema = True, JsonSchemaOptions = JsonSchemaOptions.Default }));
    }

    [Fact]
    public void Read_GrammarOrRegex_TheStrongestWins()
    {
        Assert.Equal(new RequestedConstraint("llama.grammar", new GrammarDefinition("g")), ConstraintReader.Read(new ChatOptions().UseGrammar("g"), null));
        Assert.Equal(new RequestedConstraint("llama.regex", new RegexDefinition("r")), ConstraintReader.Read(new ChatOptions().UseRegex("r"), null));
        Assert.Equal(
            new RequestedConstraint("LlamaGenerationOptions.Grammar", new GrammarDefinition("h")),
            ConstraintReader.Read(new ChatOptions().UseGrammar("g"), new LlamaGenerationOptions { Grammar = "h" }));
        Assert.Equal(
            new RequestedConstraint("LlamaGenerationOptions.Regex", new RegexDefinition("s")),
            ConstraintReader.Read(new ChatOptions().UseRegex("r"), new LlamaGenerationOptions { Regex = "s" }));
    }

    public static TheoryData<ChatOptions, string, string> Conflicts { get; } = new()
    {
        { new ChatOptions().UseJsonSchema("true").UseGrammar("g"), "llama.json_schema", "llama.grammar" },
        { new ChatOptions().UseGrammar("g").UseRegex("r"), "llama.grammar", "llama.regex" },
        { new ChatOptions { ResponseFormat = ChatResponseFormat.Json }.UseRegex("r"), "ResponseFormat", "llama.regex" },
    };

    [Theory]
    [MemberData(nameof(Conflicts), DisableDiscoveryEnumeration = true)]
    public void Read_TwoKinds_AreRefusedByName(ChatOptions options, string first, string second)
    {
        var error = Assert.Throws<OptionsConflictException>(() => ConstraintReader.Read(options, null));

        Assert.Equal((first, second), (error.First, error.Second));
        Assert.Equal($"{first} and {second} are set, but an answer follows one of them. Leave one unset, or say in one what both should mean.", error.Message);
    }

    [Theory]
    [InlineData(900, null)]
    [InlineData(1100, "The JSON schema is invalid at #: it is nested deeper than 1,000 levels. Use $ref.")]
    public void Read_DeepSchema_IsReadUpToALimit(int depth, string? message)
    {
        string text = string.Concat(Enumerable.Repeat("{\"items\":", depth)) + "true" + new string('}', depth);
        var options = new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse(text, new JsonDocumentOptions { MaxDepth = 5000 })) };

        Assert.Equal(message, Record.Exception(() => ConstraintReader.Read(options, null))?.Message);
        Assert.Equal(message is null, Record.Exception(() => new ChatOptions().UseJsonSchema(text)) is null);
    }

    [Fact]
    public void Read_EmptyElement_IsRefused()
    {
        Assert.Equal(
            "The JSON schema is invalid at #: it is an empty JsonElement. Give an object, true or false.",
            Assert.Throws<InvalidJsonSchemaException>(() => ConstraintReader.Read(new ChatOptions(), new LlamaGenerationOptions { JsonSchema = default(JsonElement) })).Message);
        Assert.StartsWith(
            "The schema is an empty JsonElement. Give an object, true or false.",
            Assert.Throws<ArgumentException>(() => new ChatOptions().UseJsonSchema(default(JsonElement))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OptionsWithoutSchema_AreRefused()
    {
        var options = new ChatOptions { AdditionalProperties = new() { ["llama.json_schema_options"] = """{"whitespace":"compact"}""" } };

        Assert.StartsWith(
            "LlamaGenerationOptions.JsonSchemaOptions is set, ",
            Assert.Throws<OptionNotSupportedException>(() => ConstraintReader.Read(new ChatOptions(), new LlamaGenerationOptions { JsonSchemaOptions = new() })).Message,
            StringComparison.Ordinal);
        Assert.Equal(
            "llama.json_schema_options is set, but no JSON schema is whose JSON it could shape. Give a schema too, or leave the option unset.",
            Assert.Throws<OptionNotSupportedException>(() => ConstraintReader.Read(options, null)).Message);
    }
}
