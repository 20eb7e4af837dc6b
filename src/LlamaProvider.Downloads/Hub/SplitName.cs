using System.Globalization;
using System.Text.RegularExpressions;

namespace LlamaProvider.Downloads.Hub;

/// <summary>The name of one file of a model in several, as llama.cpp writes it (<c>llama_split_path</c>): <c>model-00002-of-00003.gguf</c>.</summary>
/// <param name="Prefix">What stands before the numbers.</param>
/// <param name="Number">Which file it is, from 1.</param>
/// <param name="Count">How many there are.</param>
internal sealed partial record SplitName(string Prefix, int Number, int Count)
{
    /// <summary>All names, the first first.</summary>
    public IEnumerable<string> All => Enumerable.Range(1, Count).Select(number => string.Create(CultureInfo.InvariantCulture, $"{Prefix}-{number:D5}-of-{Count:D5}.gguf"));

    /// <returns><see langword="null"/> for a model in one file.</returns>
    public static SplitName? Parse(string path)
    {
        Match match = Numbers().Match(path);
        int count = match.Success ? int.Parse(match.Groups["count"].ValueSpan, CultureInfo.InvariantCulture) : 1;
        return count <= 1 ? null : new SplitName(path[..match.Index], int.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture), count);
    }

    [GeneratedRegex("-(?<number>[0-9]{5})-of-(?<count>[0-9]{5})[.]gguf$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Numbers();
}
