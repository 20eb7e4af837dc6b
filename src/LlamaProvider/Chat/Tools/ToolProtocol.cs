using System.Text;
using System.Text.Json;
using LlamaProvider.Chat.Tools.Recognition;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Templates;

namespace LlamaProvider.Chat.Tools;

/// <summary>How a model is told of tools, and how it calls them. Immutable; one for each template.</summary>
/// <param name="Format">How it writes calls.</param>
/// <param name="IsDescribedByTemplate">Whether the template tells it of the tools and of the format.</param>
internal sealed record ToolProtocol(ToolCallFormat Format, bool IsDescribedByTemplate)
{
    /// <summary>A longer text behind the last call is not a mark but what a template adds for its own purposes.</summary>
    private const int LongestMark = 200;

    /// <summary>Finds the protocol of a model.</summary>
    /// <param name="render">
    /// Renders messages with tools or without, with the beginning of an answer or without; <see langword="null"/> when the template refuses.
    /// </param>
    /// <param name="vocabulary">Says which control tokens end an answer.</param>
    /// <param name="override">A format that the user has chosen; <see langword="null"/> for the template's.</param>
    public static ToolProtocol Recognize(
        Func<IReadOnlyList<ChatTemplateMessage>, bool, IReadOnlyList<JsonElement>?, string?> render, Vocabulary vocabulary, ToolCallFormat? @override = null)
    {
        string? described = render([new ChatTemplateMessage { Role = "user", Content = "A" }], true, ToolCallProbe.Tools);
        bool isDescribed = described is not null && described.Contains(ToolCallProbe.Names[0], StringComparison.Ordinal);
        string[] endings = [.. Enumerable.Range(0, vocabulary.Count).Where(vocabulary.IsEndOfGeneration).Select(vocabulary.GetText).Where(static name => name.Length > 0)];
        ToolCallFormat? shown = ToolCallLearner.Learn((messages, begins) => render(messages, begins, ToolCallProbe.Tools)) is { } learned ? UpToEnd(learned, endings) : null;
        ToolCallFormat? known = shown ?? (isDescribed ? KnownToolFormats.FindIn(described!) : null);
        return @override is not null ? new ToolProtocol(@override, isDescribed && known == @override)
            : known is not null ? new ToolProtocol(known, isDescribed)
            : new ToolProtocol(KnownToolFormats.All[KnownToolFormats.Generic], IsDescribedByTemplate: false);
    }

    /// <summary>What the prompt says of the tools, where the template says nothing.</summary>
    public string? Describe(ToolRequest request)
    {
        if (IsDescribedByTemplate)
        {
            return null;
        }

        var text = new StringBuilder("You can call functions. They are, each as JSON with the schema of its arguments:\n");
        foreach (ToolDeclaration tool in request.Tools)
        {
            text.Append("{\"name\": ").Append(Messages.ContentJson.Write(tool.Name));
            if (tool.Description.Length > 0)
            {
                text.Append(", \"description\": ").Append(Messages.ContentJson.Write(tool.Description));
            }

            text.Append(", \"parameters\": ").Append(tool.Parameters.GetRawText()).Append("}\n");
        }

        return text
            .Append(request.IsRequired ? "\nAnswer with a function call" : "\nTo call a function, end the answer with")
            .Append(", written like this:\n").Append(new ToolCallWriter(Format).Example(request.Tools[0])).ToString();
    }

    /// <summary>
    /// A format without what ends the answer: the engine ends it there. <see langword="null"/> when a call would begin behind an end; several calls are not to be had when one would
    /// follow behind it.
    /// </summary>
    private static ToolCallFormat? UpToEnd(ToolCallFormat format, string[] endings)
    {
        if (HasEnd(format.Begin.Pattern) || EndIn(format.End.Pattern) > LongestMark)
        {
            return null;
        }

        return format with
        {
            Between = format.Between is { } between && HasEnd(between.Pattern) ? null : format.Between,
            End = new CallText(format.End.Pattern[..EndIn(format.End.Pattern)].TrimEnd()),
        };

        bool HasEnd(string text) => EndIn(text) < text.Length;

        int EndIn(string text) => endings
            .Select(ending => text.IndexOf(ending, StringComparison.Ordinal)).Where(static found => found >= 0).Append(text.Length).Min();
    }
}
