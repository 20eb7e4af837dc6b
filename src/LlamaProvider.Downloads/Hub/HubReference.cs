using System.Text.RegularExpressions;

namespace LlamaProvider.Downloads.Hub;

/// <summary>What <c>hf:owner/repo…</c> names: a file of a repository, or the repository's file of a quantization.</summary>
/// <param name="Owner">The repository's owner.</param>
/// <param name="Name">The repository's name.</param>
/// <param name="Path">The file's path in the repository; <see langword="null"/> when it is still to be chosen.</param>
/// <param name="Quantization">The quantization that was asked for; <see langword="null"/> for the usual ones.</param>
internal sealed partial record HubReference(string Owner, string Name, string? Path, string? Quantization)
{
    public const string Prefix = "hf:";

    private const string Forms = "Write hf:owner/repo/file.gguf, as the repository's list of files shows it, or hf:owner/repo:QUANTIZATION, for example hf:owner/repo:Q4_K_M.";

    public string Repository => $"{Owner}/{Name}";

    /// <summary>The reference to one of the repository's files.</summary>
    public string ToSource(string path) => $"{Prefix}{Repository}/{path}";

    /// <exception cref="ModelDownloadException">The text has another form.</exception>
    public static HubReference Parse(string source)
    {
        string[] names = source[Prefix.Length..].Split('/');
        if (names.Length < 2)
        {
            throw new ModelDownloadException(source, $"it names no repository. {Forms}");
        }

        string[] tagged = names.Length == 2 ? names[1].Split(':') : [names[1]];
        if (tagged.Length > 2 || !RepositoryName().IsMatch(names[0]) || !RepositoryName().IsMatch(tagged[0]) || (tagged is [_, var tag] && !QuantizationName().IsMatch(tag)))
        {
            throw new ModelDownloadException(source, $"it names no file of a repository. {Forms}");
        }

        // Ollama writes 'latest' where nothing is asked for.
        string? quantization = tagged is [_, var asked] && !asked.Equals("latest", StringComparison.OrdinalIgnoreCase) ? asked : null;
        return new HubReference(names[0], tagged[0], names.Length > 2 ? string.Join('/', names[2..]) : null, quantization);
    }

    // Each alternative begins with another character, so no text is tried twice.
    [GeneratedRegex("^[A-Za-z0-9_]+(?:[.-]+[A-Za-z0-9_]+)*$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RepositoryName();

    [GeneratedRegex("^[A-Za-z0-9_]+(?:[.-][A-Za-z0-9_]+)*$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex QuantizationName();
}
