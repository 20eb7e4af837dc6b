using LlamaProvider.Decoding.Constraints.Composition;
using LlamaProvider.Decoding.Constraints.Definitions;
using LlamaProvider.Decoding.Constraints.JsonSchema;

namespace LlamaProvider.Chat.Tools;

/// <summary>What an answer with tools may be: text up to a call, then calls whose names and arguments are those of the tools.</summary>
/// <param name="format">How the model writes calls.</param>
/// <param name="markup">Knows its control tokens.</param>
internal sealed class ToolCallGrammar(ToolCallFormat format, Markup markup)
{
    /// <summary>The most calls in one answer: more are no plan but a model that has lost its way.</summary>
    public const int MostCalls = 32;

    // Tools come from servers and libraries whose schemas nobody here can change, so what cannot be enforced of them is checked.
    private static readonly JsonSchemaOptions Checked = new() { OnUnsupported = JsonUnsupportedKeywords.Check };

    /// <summary>The answers to a request.</summary>
    /// <param name="request">The tools.</param>
    /// <param name="final">What an answer without calls must be; <see langword="null"/> for any text.</param>
    public TextPart Answer(ToolRequest request, TextPart? final)
    {
        TextPart calls = Calls(request);
        return request.IsRequired ? calls
            : final is not null ? TextPart.AnyOf(calls, final)
            : format.Trigger is { } trigger ? TextPart.Of(new TextPart.FreeText { Without = [trigger] }, TextPart.Optional(calls))
            : TextPart.AnyOf(calls, new TextPart.FreeText { NotBeginning = [.. Beginnings(format, request.Tools)] });
    }

    /// <summary>What answers that are calls begin with, where no mark tells them apart.</summary>
    public static IEnumerable<string> Beginnings(ToolCallFormat format, IEnumerable<ToolDeclaration> tools) =>
        format.Begin.Start is { Length: > 0 } start ? [start] : tools.Select(static tool => tool.Name);

    private TextPart Calls(ToolRequest request)
    {
        TextPart call = TextPart.AnyOf([.. request.Tools.Select(Call)]);
        TextPart others = format.Between is { } between && request.AllowsSeveral
            ? new TextPart.Repetition(TextPart.Of(between.ToPart(markup), call), 0, MostCalls - 1)
            : TextPart.Empty;
        return TextPart.Of(format.Begin.ToPart(markup), call, others, format.End.ToPart(markup));
    }

    private TextPart Call(ToolDeclaration tool) => TextPart.Of(new TextPart.Literal(tool.Name), format.Arguments switch
    {
        ArgumentSyntax.Json json => TextPart.Of(json.AfterName.ToPart(markup, tool.Name), new TextPart.Constrained(
            JsonSchemaDefinition.Create(ToolSchema.Closed(tool.Parameters), Checked), tool.Owner)),
        ArgumentSyntax.Tagged tagged => new TaggedArgumentGrammar(tagged, markup).Arguments(tool),
        var other => throw new InvalidOperationException($"No grammar is known for {other}."),
    });
}
