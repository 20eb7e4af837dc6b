using System.Text.RegularExpressions;

namespace DecodingLab.Chapters;

/// <summary>What can be counted in a text.</summary>
internal static partial class TextStatistics
{
    /// <summary>Runs of letters, marks and numbers: what the library counts as words.</summary>
    public static string[] Words(string text) => [.. Word.Matches(text).Select(static match => match.Value)];

    /// <summary>Neighbouring words.</summary>
    public static IEnumerable<(string, string)> Pairs(string text)
    {
        string[] words = Words(text);
        return words.Zip(words.Skip(1));
    }

    [GeneratedRegex(@"[\p{L}\p{M}\p{N}]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Word { get; }
}
