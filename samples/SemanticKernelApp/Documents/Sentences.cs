using System.Text.RegularExpressions;

namespace SemanticKernelApp.Documents;

/// <summary>Cuts paragraphs into sentences.</summary>
internal static partial class Sentences
{
    public static IEnumerable<string> Of(string text) => Borders().Split(text).Where(static sentence => sentence.Length > 0);

    [GeneratedRegex(@"(?<=[.!?])\s+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Borders();
}
