using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Operations;

/// <summary>Python's ways to find and to split, over UTF-16 positions.</summary>
internal static class TextSearch
{
    /// <summary>Splits at a separator, at most <paramref name="limit"/> times (negative: always), from the left.</summary>
    public static List<Value> Split(TextValue text, string separator, long limit, Budget budget)
    {
        var parts = new List<Value>();
        var start = 0;
        while (limit < 0 || parts.Count < limit)
        {
            var found = text.Characters.IndexOf(separator, start, StringComparison.Ordinal);
            if (found < 0)
            {
                break;
            }

            Add(parts, text, start, found, budget);
            start = found + separator.Length;
        }

        Add(parts, text, start, text.Characters.Length, budget);
        return parts;
    }

    /// <summary>The same from the right.</summary>
    public static List<Value> SplitFromEnd(TextValue text, string separator, long limit, Budget budget)
    {
        var parts = new List<Value>();
        var end = text.Characters.Length;
        while (limit < 0 || parts.Count < limit)
        {
            var found = text.Characters.AsSpan(0, end).LastIndexOf(separator, StringComparison.Ordinal);
            if (found < 0)
            {
                break;
            }

            Add(parts, text, found + separator.Length, end, budget);
            end = found;
        }

        Add(parts, text, 0, end, budget);
        parts.Reverse();
        return parts;
    }

    /// <summary>Splits at runs of white space and drops it in front; what follows the last allowed split stays as it is.</summary>
    public static List<Value> SplitWords(TextValue text, long limit, Budget budget)
    {
        var parts = new List<Value>();
        var characters = text.Characters;
        for (var start = Skip(characters, 0, isSpace: true); start < characters.Length;)
        {
            var isLast = limit >= 0 && parts.Count >= limit;
            var end = isLast ? characters.Length : Skip(characters, start, isSpace: false);
            Add(parts, text, start, end, budget);
            start = isLast ? characters.Length : Skip(characters, end, isSpace: true);
        }

        return parts;
    }

    /// <summary>The same from the right, where it drops the white space behind.</summary>
    public static List<Value> SplitWordsFromEnd(TextValue text, long limit, Budget budget)
    {
        var parts = new List<Value>();
        var characters = text.Characters;
        for (var end = SkipBack(characters, characters.Length, isSpace: true); end > 0;)
        {
            var isLast = limit >= 0 && parts.Count >= limit;
            var start = isLast ? 0 : SkipBack(characters, end, isSpace: false);
            Add(parts, text, start, end, budget);
            end = isLast ? 0 : SkipBack(characters, start, isSpace: true);
        }

        parts.Reverse();
        return parts;
    }

    public static List<Value> SplitLines(TextValue text, bool keepsEnds, Budget budget)
    {
        var parts = new List<Value>();
        var characters = text.Characters;
        for (var start = 0; start < characters.Length;)
        {
            var end = start;
            while (end < characters.Length && !PythonCharacters.IsLineBreak(characters[end]))
            {
                end++;
            }

            var next = end + (end == characters.Length ? 0 : characters.AsSpan(end).StartsWith("\r\n") ? 2 : 1);
            Add(parts, text, start, keepsEnds ? next : end, budget);
            start = next;
        }

        return parts;
    }

    /// <summary>How often a string occurs without overlap; the empty one stands between all code points and at both ends.</summary>
    public static int Count(ReadOnlySpan<char> characters, ReadOnlySpan<char> pattern) =>
        pattern.IsEmpty ? CodePoints.Count(characters) + 1 : characters.Count(pattern);

    private static int Skip(string characters, int position, bool isSpace)
    {
        while (position < characters.Length && PythonCharacters.IsSpace(characters[position]) == isSpace)
        {
            position++;
        }

        return position;
    }

    private static int SkipBack(string characters, int position, bool isSpace)
    {
        while (position > 0 && PythonCharacters.IsSpace(characters[position - 1]) == isSpace)
        {
            position--;
        }

        return position;
    }

    private static void Add(List<Value> parts, TextValue text, int start, int end, Budget budget)
    {
        budget.ChargeElements(1);
        parts.Add(text.Slice(start, end - start));
    }
}
