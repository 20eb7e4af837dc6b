using System.Text.RegularExpressions;

namespace LlamaProvider.Chat.Reasoning;

/// <summary>Tags as chat formats write them: <c>&lt;x&gt;</c>, <c>[X]</c>, <c>&lt;|START_X|&gt;</c>, <c>&lt;|x&gt;</c>.</summary>
internal static partial class MarkupTags
{
    private static readonly (string Open, string Close)[] Words = [("START", "END"), ("start", "end"), ("BEGIN", "END"), ("begin", "end"), ("open", "close")];

    /// <summary>The tags of a text, in order.</summary>
    public static IReadOnlyList<(int Start, string Tag)> Find(string text) => [.. Tag().Matches(text).Select(match => (match.Index, match.Value))];

    /// <summary>The tag that closes what a tag opens; <see langword="null"/> when its form tells none.</summary>
    public static string? ClosingOf(string tag)
    {
        foreach ((string open, string close) in Words)
        {
            if (tag.StartsWith($"<|{open}", StringComparison.Ordinal))
            {
                return $"<|{close}{tag[(2 + open.Length)..]}";
            }
        }

        return tag switch
        {
            ['<', '|', .. var name, '>'] when !name.EndsWith('|') => $"<{name}|>",
            ['<', not '/' and not '|', .. { } name] when !name.Contains('|', StringComparison.Ordinal) => $"</{tag[1..]}",
            ['[', not '/', .. { }] => $"[/{tag[1..]}",
            _ => null,
        };
    }

    /// <summary>How long two texts are the same, ended where a tag that differs begins.</summary>
    public static int CommonPrefix(string first, string second)
    {
        int common = first.AsSpan().CommonPrefixLength(second);
        foreach ((int start, string tag) in Find(first).Concat(Find(second)))
        {
            common = start < common && start + tag.Length > common ? start : common;
        }

        return common;
    }

    /// <summary>How much of the ends of two texts is the same, begun where no tag is cut.</summary>
    public static int CommonSuffix(string first, string second)
    {
        int common = 0;
        while (common < Math.Min(first.Length, second.Length) && first[^(common + 1)] == second[^(common + 1)])
        {
            common++;
        }

        foreach ((int start, string tag) in Find(first))
        {
            int cut = first.Length - common;
            common = start < cut && start + tag.Length > cut ? first.Length - start - tag.Length : common;
        }

        return common;
    }

    [GeneratedRegex(@"<[^<>\s][^<>\n]*>|\[/?[A-Z_]+\]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Tag();
}
