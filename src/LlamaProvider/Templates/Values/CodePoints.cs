using System.Text;

namespace LlamaProvider.Templates.Values;

/// <summary>
/// Python's view of a string: a sequence of code points. Nearly every string has no surrogates, and then both views are one.
/// </summary>
internal static class CodePoints
{
    public static int Count(ReadOnlySpan<char> characters)
    {
        var first = characters.IndexOfAnyInRange('\uD800', '\uDFFF');
        if (first < 0)
        {
            return characters.Length;
        }

        var count = first;
        for (var i = first; i < characters.Length; i += Width(characters, i))
        {
            count++;
        }

        return count;
    }

    /// <summary>The UTF-16 index of the code point with a number from 0 to the count.</summary>
    public static int ToUtf16(ReadOnlySpan<char> characters, int codePoint)
    {
        if (!characters.ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            return codePoint;
        }

        var index = 0;
        for (; codePoint > 0; codePoint--)
        {
            index += Width(characters, index);
        }

        return index;
    }

    /// <summary>The number of the code point at a UTF-16 index.</summary>
    public static int FromUtf16(ReadOnlySpan<char> characters, int index) => Count(characters[..index]);

    public static IEnumerable<Value> Split(TextValue text)
    {
        for (int i = 0, width; i < text.Characters.Length; i += width)
        {
            width = Width(text.Characters, i);
            yield return text.Slice(i, width);
        }
    }

    /// <summary>Python's order of strings: by code point, where UTF-16 would put surrogates below U+E000.</summary>
    public static int Compare(string left, string right)
    {
        var common = left.AsSpan().CommonPrefixLength(right);
        if (common == left.Length || common == right.Length)
        {
            return left.Length - right.Length;
        }

        var (a, b) = (left[common], right[common]);
        return Weight(a) - Weight(b);

        // Moves U+E000..U+FFFF below the surrogates, which stand for everything above.
        static int Weight(char unit) => unit < '\uD800' ? unit : char.IsSurrogate(unit) ? unit + 0x2000 : unit - 0x800;
    }

    public static int Width(ReadOnlySpan<char> characters, int index) =>
        char.IsHighSurrogate(characters[index]) && index + 1 < characters.Length && char.IsLowSurrogate(characters[index + 1]) ? 2 : 1;

    public static Rune? RuneAt(ReadOnlySpan<char> characters, int index) =>
        Rune.DecodeFromUtf16(characters[index..], out var rune, out _) == System.Buffers.OperationStatus.Done ? rune : null;
}
