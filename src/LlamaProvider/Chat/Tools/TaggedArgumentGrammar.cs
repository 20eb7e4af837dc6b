using System.Text.Json;
using System.Text.Json.Nodes;
using LlamaProvider.Decoding.Constraints.Composition;
using LlamaProvider.Decoding.Constraints.Definitions;
using LlamaProvider.Decoding.Constraints.JsonSchema;

namespace LlamaProvider.Chat.Tools;

/// <summary>What tagged arguments may be: each at most once, in the schema's order, the required ones always.</summary>
/// <remarks>
/// A text stands as it is between its marks, so of a schema's conditions on it only <c>enum</c> and <c>const</c> can be told there; a tool with others is refused
/// (<see cref="InvalidToolException"/>) instead of called with what it forbids. Everything that is no text is JSON and bound to its whole schema.
/// </remarks>
internal sealed class TaggedArgumentGrammar(ArgumentSyntax.Tagged syntax, Markup markup)
{
    private static readonly string[] TextConditions = ["pattern", "minLength", "maxLength", "format", "allOf", "not", "if", "oneOf"];

    /// <summary>The arguments of a tool, from behind its name.</summary>
    /// <exception cref="InvalidToolException">The schema says something that this syntax cannot hold a model to.</exception>
    public TextPart Arguments(ToolDeclaration tool)
    {
        (string Name, JsonElement Schema, bool IsRequired)[] arguments = [.. ToolSchema.Arguments(tool.Parameters)];
        TextPart none = syntax.None.ToPart(markup, tool.Name);
        TextPart first = syntax.BeforeFirst.ToPart(markup, tool.Name);

        // From the last argument to the first: what may follow a value, and which arguments may come first.
        TextPart? firsts = null;
        TextPart? following = null;
        for (int i = arguments.Length - 1; i >= 0; i--)
        {
            TextPart argument = Argument(tool, arguments[i].Name, arguments[i].Schema, following, canEnd: !arguments.Skip(i + 1).Any(static later => later.IsRequired));
            bool isSkippable = !arguments[i].IsRequired;
            firsts = firsts is null || !isSkippable ? argument : TextPart.AnyOf(argument, firsts);
            following = firsts;
        }

        bool canBeEmpty = !arguments.Any(static argument => argument.IsRequired);
        return firsts is null ? none : canBeEmpty ? TextPart.AnyOf(none, TextPart.Of(first, firsts)) : TextPart.Of(first, firsts);
    }

    private TextPart Argument(ToolDeclaration tool, string name, JsonElement schema, TextPart? following, bool canEnd)
    {
        var forms = new List<TextPart>();
        foreach (ArgumentType type in ArgumentTypes.Of(schema))
        {
            TaggedValue value = ArgumentTypes.Form(syntax, type);
            TextPart last = value.Last.ToPart(markup, tool.Name, name);
            TextPart next = following is null ? TextPart.Empty : TextPart.Of(value.BeforeNext.ToPart(markup, tool.Name, name), following);
            TextPart after = following is null ? last : canEnd ? TextPart.AnyOf(last, next) : next;
            forms.Add(TextPart.Of(value.AfterKey.ToPart(markup, tool.Name, name), Value(tool, name, schema, type, value), after));
        }

        return TextPart.Of(new TextPart.Literal(name), TextPart.AnyOf([.. forms]));
    }

    private static TextPart Value(ToolDeclaration tool, string name, JsonElement schema, ArgumentType type, TaggedValue value) => value.Form switch
    {
        ValueForm.Raw => Text(tool, name, schema, value.EndMark),
        ValueForm.Python when type == ArgumentType.Null => new TextPart.Literal("None"),
        ValueForm.Python => TextPart.AnyOf(new TextPart.Literal("True"), new TextPart.Literal("False"), new TextPart.Literal("true"), new TextPart.Literal("false")),
        _ => new TextPart.Constrained(JsonSchemaDefinition.Create(Alone(tool, name, schema, type), JsonSchemaOptions.Default), tool.Owner),
    };

    private static TextPart Text(ToolDeclaration tool, string name, JsonElement schema, string endMark)
    {
        if (schema.ValueKind == JsonValueKind.Object)
        {
            if (schema.TryGetProperty("enum", out JsonElement values) || schema.TryGetProperty("const", out values))
            {
                JsonElement[] all = values.ValueKind == JsonValueKind.Array ? [.. values.EnumerateArray()] : [values];
                return TextPart.AnyOf([.. all.Where(static one => one.ValueKind == JsonValueKind.String).Select(static one => new TextPart.Literal(one.GetString()!))]);
            }

            if (Array.Find(TextConditions, keyword => schema.TryGetProperty(keyword, out _)) is { } keyword)
            {
                throw new InvalidToolException(
                    tool.Name,
                    $"{tool.Owner}: the keyword '{keyword}' at #/properties/{name} cannot be enforced, as this model writes texts without JSON's quotes. Remove the keyword, list the values with 'enum', or set {nameof(LlamaChatClientOptions)}.{nameof(LlamaChatClientOptions.ToolFormat)} to a format with JSON arguments.");
            }
        }

        return new TextPart.FreeText { Without = [endMark] };
    }

    /// <summary>The schema of one type of value, by itself. What its references name comes along.</summary>
    private static JsonElement Alone(ToolDeclaration tool, string name, JsonElement schema, ArgumentType type)
    {
        var parts = new JsonObject { ["allOf"] = new JsonArray(JsonNode.Parse(schema.GetRawText()), new JsonObject { ["type"] = ArgumentTypes.NameOf(type) }) };
        foreach (string definitions in (ReadOnlySpan<string>)["$defs", "definitions"])
        {
            if (tool.Parameters.TryGetProperty(definitions, out JsonElement element))
            {
                parts[definitions] = JsonNode.Parse(element.GetRawText());
            }
        }

        if (schema.GetRawText().Contains("\"#/properties", StringComparison.Ordinal) || schema.GetRawText().Contains("\"#\"", StringComparison.Ordinal))
        {
            throw new InvalidToolException(
                tool.Name, $"{tool.Owner}: the schema at #/properties/{name} refers to the schema of all arguments, which this model's call format cannot enforce. Move what is shared to '$defs'.");
        }

        return JsonElement.Parse(parts.ToJsonString());
    }
}
