using System.Text.Json;
using LlamaProvider.Decoding.Constraints.Definitions;
using LlamaProvider.Decoding.Constraints.JsonSchema;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Chat;

/// <summary>Finds the constraint of a request.</summary>
/// <remarks>
/// Each of schema, grammar and regular expression comes from the strongest place that has one: <see cref="LlamaGenerationOptions"/>, then the key of
/// <see cref="ChatOptions.AdditionalProperties"/>, then, for a schema, <see cref="ChatOptions.ResponseFormat"/>. Two of them are refused. Phrases and lengths
/// (<see cref="ConditionsReader"/>) hold in the texts of whichever there is.
/// </remarks>
internal static class ConstraintReader
{
    private static readonly JsonElement AnyObject = JsonElement.Parse("""{"type":"object"}""");

    /// <exception cref="OptionsConflictException">There are two of them, or a length and <see cref="ChatOptions.MaxOutputTokens"/> exclude each other.</exception>
    public static RequestedConstraint? Read(ChatOptions options, LlamaGenerationOptions? raw)
    {
        RequestedConstraint? text = ReadText(options, raw);
        return ConditionsReader.Read(options, raw) is { } conditions ? conditions.AppliedTo(text) : text;
    }

    private static RequestedConstraint? ReadText(ChatOptions options, LlamaGenerationOptions? raw)
    {
        RequestedConstraint[] constraints = [.. Find(options, raw).OfType<RequestedConstraint>()];
        if (constraints.Length > 1)
        {
            (string first, string second) = (constraints[0].Option, constraints[1].Option);
            throw new OptionsConflictException(
                first, second, $"{first} and {second} are set, but an answer follows one of them. Leave one unset, or say in one what both should mean.");
        }

        return constraints.SingleOrDefault();
    }

    private static IEnumerable<RequestedConstraint?> Find(ChatOptions options, LlamaGenerationOptions? raw)
    {
        yield return ReadSchema(options, raw);
        yield return Text(nameof(raw.Grammar), raw?.Grammar, LlamaOptionKeys.Grammar, options.GetGrammar()) is { } grammar ? new(grammar.Option, new GrammarDefinition(grammar.Text)) : null;
        yield return Text(nameof(raw.Regex), raw?.Regex, LlamaOptionKeys.Regex, options.GetRegex()) is { } regex ? new(regex.Option, new RegexDefinition(regex.Text)) : null;
    }

    private static RequestedConstraint? ReadSchema(ChatOptions options, LlamaGenerationOptions? raw)
    {
        JsonSchemaOptions? schemaOptions = raw?.JsonSchemaOptions ?? options.GetJsonSchemaOptions();
        if (FindSchema(options, raw) is { } found)
        {
            return new RequestedConstraint(found.Option, JsonSchemaDefinition.Create(found.Schema, schemaOptions ?? JsonSchemaOptions.Default));
        }

        return schemaOptions is null
            ? null
            : throw Unused(raw?.JsonSchemaOptions is null ? LlamaOptionKeys.JsonSchemaOptions : Name(nameof(raw.JsonSchemaOptions)));
    }

    private static OptionNotSupportedException Unused(string option) =>
        new(option, $"{option} is set, but no JSON schema is whose JSON it could shape. Give a schema too, or leave the option unset.");

    private static (string Option, JsonElement Schema)? FindSchema(ChatOptions options, LlamaGenerationOptions? raw)
    {
        if (raw?.JsonSchema is { } own)
        {
            return (Name(nameof(raw.JsonSchema)), own);
        }

        if (options.GetJsonSchema() is { } schema)
        {
            return (LlamaOptionKeys.JsonSchema, schema);
        }

        return options.ResponseFormat is ChatResponseFormatJson format ? (nameof(options.ResponseFormat), format.Schema ?? AnyObject) : null;
    }

    private static (string Option, string Text)? Text(string rawOption, string? raw, string key, string? other) =>
        raw is not null ? (Name(rawOption), raw) : other is not null ? (key, other) : null;

    private static string Name(string rawOption) => $"{nameof(LlamaGenerationOptions)}.{rawOption}";
}
