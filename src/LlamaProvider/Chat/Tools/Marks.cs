namespace LlamaProvider.Chat.Tools;

/// <summary>Finds the marks in what a template writes.</summary>
internal static class Marks
{
    /// <summary>
    /// The first mark: what is between brackets, with what stands before it (<c>\n&lt;/parameter&gt;</c>, <c>[TOOL_CALLS]</c>), or the whole text when it has none.
    /// </summary>
    public static string First(string text)
    {
        int open = text.AsSpan().IndexOfAny('<', '[');
        int close = open < 0 ? -1 : text.IndexOf(text[open] == '<' ? '>' : ']', open);
        return close < 0 ? text : text[..(close + 1)];
    }

    /// <summary>What both texts begin with.</summary>
    public static string CommonPrefix(string first, string second) => first[..first.AsSpan().CommonPrefixLength(second)];

    /// <summary>What both texts end with.</summary>
    public static string CommonSuffix(string first, string second)
    {
        int length = 0;
        while (length < Math.Min(first.Length, second.Length) && first[^(length + 1)] == second[^(length + 1)])
        {
            length++;
        }

        return first[^length..];
    }

    /// <summary>A place that is not within a mark: the beginning of the mark when the place is in one.</summary>
    public static int Outside(string text, int place)
    {
        int open = place == 0 ? -1 : text.LastIndexOfAny(['<', '['], place - 1);
        if (open < 0 || place == text.Length)
        {
            return place;
        }

        int close = text.IndexOf(text[open] == '<' ? '>' : ']', open);
        bool isWithin = close >= place && text.AsSpan(open, place - open).IndexOfAny('\n', ' ') < 0;
        return isWithin ? open : place;
    }
}
