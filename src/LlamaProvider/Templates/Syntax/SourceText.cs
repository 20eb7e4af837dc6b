namespace LlamaProvider.Templates.Syntax;

/// <summary>A template's source with line breaks made equal, and the way from an offset to a line and a column.</summary>
internal sealed class SourceText
{
    private SourceText(string text) => Text = text;

    public string Text { get; }

    /// <summary>Reads a source as Jinja2 does: every line break becomes a line feed, and one at the end is dropped.</summary>
    public static SourceText Of(string source)
    {
        var text = source.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        return new SourceText(text.EndsWith('\n') ? text[..^1] : text);
    }

    public int LineOf(int offset) => Before(offset).Count('\n') + 1;

    public ChatTemplateException Error(int offset, string problem, Exception? cause = null)
    {
        var before = Before(offset);
        return new ChatTemplateException(problem, LineOf(offset), before.Length - before.LastIndexOf('\n'), cause);
    }

    private ReadOnlySpan<char> Before(int offset) => Text.AsSpan(0, Math.Min(offset, Text.Length));
}
