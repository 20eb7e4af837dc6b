namespace DecodingLab;

/// <summary>How happily a story ends, told by its words: a stand-in for a classifier, which a real application would ask.</summary>
internal static class Happiness
{
    private static readonly string[] Ends = ["very happy", "full of joy"];

    /// <summary>How likely a beginning comes to a happy end: certain once it is written, likely while it is being written.</summary>
    public static float OfBeginning(string text) => IsHappy(text) ? 0.95f : Ends.Any(end => EndsInBeginning(text, end)) ? 0.9f : 0.3f;

    /// <summary>1 for a happy end, else 0.</summary>
    public static double OfText(string text) => IsHappy(text) ? 1 : 0;

    public static bool IsHappy(string text) => Ends.Any(end => text.Contains(end, StringComparison.Ordinal));

    private static bool EndsInBeginning(string text, string end) =>
        Enumerable.Range(1, end.Length - 1).Any(length => text.EndsWith($" {end[..length]}", StringComparison.Ordinal));
}
