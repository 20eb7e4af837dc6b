using System.Text.RegularExpressions;

namespace SemanticKernelApp.Search;

/// <summary>Ranks texts by the words that they share with a query.</summary>
/// <remarks>
/// Okapi BM25 (Robertson and Zaragoza 2009): Σ over the query's words of idf(w) · f · (k₁ + 1) / (f + k₁ · (1 − b + b · |d| / avg |d|)), with idf(w) = ln(1 + (N − n + ½) / (n + ½)), k₁ = 1.2 and b = 0.75.
/// Words are runs of letters and digits without regard to case; a plural s is cut off, and nothing else is known of any language.
/// </remarks>
internal static partial class WordIndex
{
    private const double K1 = 1.2;
    private const double B = 0.75;

    /// <summary>The score of each text, 0 for one that shares no word.</summary>
    public static double[] Score(IReadOnlyList<string> texts, IEnumerable<string> query)
    {
        string[][] words = [.. texts.Select(WordsOf)];
        double average = Math.Max(1, words.Select(static text => (double)text.Length).DefaultIfEmpty().Average());
        double[] scores = new double[texts.Count];
        foreach (string word in query.SelectMany(WordsOf).Distinct())
        {
            int[] counts = [.. words.Select(text => text.Count(other => other == word))];
            int holders = counts.Count(static count => count > 0);
            double idf = Math.Log(1 + ((texts.Count - holders + .5) / (holders + .5)));
            for (int i = 0; i < scores.Length; i++)
            {
                scores[i] += idf * counts[i] * (K1 + 1) / (counts[i] + (K1 * (1 - B + (B * words[i].Length / average))));
            }
        }

        return scores;
    }

    public static string[] WordsOf(string text) =>
        [.. Words().Matches(text).Select(static match => match.Value.ToLowerInvariant()).Select(static word => word.Length > 3 && word.EndsWith('s') ? word[..^1] : word)];

    [GeneratedRegex(@"[\p{L}\p{N}]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Words();
}
