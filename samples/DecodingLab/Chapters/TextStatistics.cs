namespace DecodingLab.Chapters;

/// <summary>What can be counted in a text.</summary>
internal static class TextStatistics
{
    public static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Neighbouring words.</summary>
    public static IEnumerable<(string, string)> Pairs(string text)
    {
        string[] words = Words(text);
        return words.Zip(words.Skip(1));
    }
}
