using System.Text.Json;
using System.Text.Json.Nodes;
using LlamaProvider.Decoding.Constraints.Definitions;
using LlamaProvider.Decoding.Constraints.JsonSchema;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Options;

/// <summary>Constraints on the text of an answer, on <see cref="ChatOptions"/>.</summary>
/// <remarks>
/// Tokens that a constraint forbids are removed before any sampler sees them, so an answer that ends by itself always obeys. One that is cut, by
/// <see cref="ChatOptions.MaxOutputTokens"/>, a stop sequence or the context's end, is the beginning of one that does. The prompt is left as it is: say in it what is wanted, since a
/// constraint only forbids. <see cref="ChatOptions.ResponseFormat"/> constrains in the same way and describes the format in the prompt as well.
/// </remarks>
public static class ConstraintChatOptionsExtensions
{
    /// <summary>Lets the answer be JSON that meets a schema. Stored under <c>llama.json_schema</c>, the options under <c>llama.json_schema_options</c>.</summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="schema">The schema; docs/constraints.md says what is supported.</param>
    /// <param name="schemaOptions">How the JSON is written. Default: <see cref="JsonSchemaOptions.Default"/>.</param>
    /// <returns>The options.</returns>
    public static ChatOptions UseJsonSchema(this ChatOptions options, JsonElement schema, JsonSchemaOptions? schemaOptions = null)
    {
        if (schema.ValueKind == JsonValueKind.Undefined)
        {
            throw new ArgumentException("The schema is an empty JsonElement. Give an object, true or false.", nameof(schema));
        }

        OptionValue.Set(options, LlamaOptionKeys.JsonSchema, schema.Clone());
        options.AdditionalProperties!.Remove(LlamaOptionKeys.JsonSchemaOptions);
        return schemaOptions is null ? options : OptionValue.Set(options, LlamaOptionKeys.JsonSchemaOptions, JsonSchemaOptionsJson.Write(schemaOptions));
    }

    /// <summary>Lets the answer be JSON that meets a schema, given as text.</summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="schema">The schema's JSON; docs/constraints.md says what is supported.</param>
    /// <param name="schemaOptions">How the JSON is written. Default: <see cref="JsonSchemaOptions.Default"/>.</param>
    /// <returns>The options.</returns>
    /// <exception cref="InvalidJsonSchemaException">The text is not JSON.</exception>
    public static ChatOptions UseJsonSchema(this ChatOptions options, string schema, JsonSchemaOptions? schemaOptions = null)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return options.UseJsonSchema(JsonSchemaDefinition.Parse(schema), schemaOptions);
    }

    /// <summary>
    /// Lets the answer be JSON that a type can be read from: the schema is the one that Microsoft.Extensions.AI makes of it, with all members required, no others allowed, and
    /// numbers within the range of their types.
    /// </summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="serializerOptions">How the type is written as JSON. Default: <see cref="AIJsonUtilities.DefaultOptions"/>.</param>
    /// <param name="schemaOptions">How the JSON is written. Default: <see cref="JsonSchemaOptions.Default"/>.</param>
    /// <returns>The options.</returns>
    public static ChatOptions UseJsonSchema<T>(this ChatOptions options, JsonSerializerOptions? serializerOptions = null, JsonSchemaOptions? schemaOptions = null) =>
        options.UseJsonSchema(TypeSchema.Create(typeof(T), serializerOptions), schemaOptions);

    /// <summary>Lets the answer be a text of a grammar. Stored under <c>llama.grammar</c>.</summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="gbnf">The grammar in GBNF, llama.cpp's notation; texts follow the rule <c>root</c>.</param>
    /// <returns>The options.</returns>
    public static ChatOptions UseGrammar(this ChatOptions options, string gbnf) => SetText(options, LlamaOptionKeys.Grammar, gbnf);

    /// <summary>Lets the answer be a text that a regular expression matches as a whole. Stored under <c>llama.regex</c>.</summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="pattern">The regular expression, in the dialect of ECMAScript.</param>
    /// <returns>The options.</returns>
    public static ChatOptions UseRegex(this ChatOptions options, string pattern) => SetText(options, LlamaOptionKeys.Regex, pattern);

    /// <summary>The schema that <c>UseJsonSchema</c> stored, in whatever form it has arrived by now.</summary>
    /// <param name="options">The options.</param>
    /// <returns>The schema, or <see langword="null"/> when there is none.</returns>
    /// <exception cref="InvalidJsonSchemaException">What is stored is a text that is not JSON.</exception>
    /// <exception cref="OptionNotSupportedException">What is stored cannot be read.</exception>
    public static JsonElement? GetJsonSchema(this ChatOptions options) => OptionValue.Find(options, LlamaOptionKeys.JsonSchema) switch
    {
        null => null,
        JsonElement { ValueKind: JsonValueKind.String } text => JsonSchemaDefinition.Parse(text.GetString()!),
        JsonElement element => element,
        JsonDocument document => document.RootElement,
        JsonNode node => JsonSchemaDefinition.Parse(node.ToJsonString()),
        string text => JsonSchemaDefinition.Parse(text),
        var value => OptionValue.ToElement(LlamaOptionKeys.JsonSchema, value),
    };

    /// <summary>How the JSON of a schema is written, in whatever form that has arrived by now.</summary>
    /// <param name="options">The options.</param>
    /// <returns>The options, or <see langword="null"/> when there are none.</returns>
    /// <exception cref="OptionNotSupportedException">What is stored is malformed.</exception>
    public static JsonSchemaOptions? GetJsonSchemaOptions(this ChatOptions options)
    {
        switch (OptionValue.Find(options, LlamaOptionKeys.JsonSchemaOptions))
        {
            case null:
                return null;
            case JsonSchemaOptions schemaOptions:
                return schemaOptions;
            case var value:
                JsonElement json = OptionValue.ToElement(LlamaOptionKeys.JsonSchemaOptions, value);
                try
                {
                    return JsonSchemaOptionsJson.Read(json);
                }
                catch (JsonException)
                {
                    throw new OptionNotSupportedException(
                        LlamaOptionKeys.JsonSchemaOptions,
                        $"{LlamaOptionKeys.JsonSchemaOptions} is {json.GetRawText()}, but must be an object of values that docs/constraints.md names, such as " +
                        $"{JsonSchemaOptionsJson.Write(JsonSchemaOptions.Default).GetRawText()}. Change the option or leave it unset.");
                }
        }
    }

    /// <summary>The grammar that <see cref="UseGrammar"/> stored, in whatever form it has arrived by now.</summary>
    /// <param name="options">The options.</param>
    /// <returns>The grammar, or <see langword="null"/> when there is none.</returns>
    /// <exception cref="OptionNotSupportedException">What is stored is no text.</exception>
    public static string? GetGrammar(this ChatOptions options) => FindText(options, LlamaOptionKeys.Grammar);

    /// <summary>The regular expression that <see cref="UseRegex"/> stored, in whatever form it has arrived by now.</summary>
    /// <param name="options">The options.</param>
    /// <returns>The regular expression, or <see langword="null"/> when there is none.</returns>
    /// <exception cref="OptionNotSupportedException">What is stored is no text.</exception>
    public static string? GetRegex(this ChatOptions options) => FindText(options, LlamaOptionKeys.Regex);

    private static ChatOptions SetText(ChatOptions options, string key, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return OptionValue.Set(options, key, JsonElement.Parse(JsonValue.Create(text).ToJsonString()));
    }

    /// <summary>A text is taken as it is, though it look like JSON: <c>[0-9]</c> is a regular expression.</summary>
    private static string? FindText(ChatOptions options, string key) => OptionValue.Find(options, key) switch
    {
        null => null,
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } text => text.GetString(),
        JsonValue value when value.TryGetValue(out string? text) => text,
        var value => throw new OptionNotSupportedException(key, $"{key} is {OptionValue.ToElement(key, value).GetRawText()}, but must be a text. Change the option or leave it unset."),
    };
}
