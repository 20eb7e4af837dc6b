using System.Globalization;
using System.Text.RegularExpressions;
using LlamaProvider.Downloads.Cache;

namespace LlamaProvider.Downloads.Sources;

/// <summary>One file to be downloaded: where it is, and where it is kept.</summary>
/// <param name="Url">Where it is.</param>
/// <param name="Name">The file's name, without folders.</param>
/// <param name="Token">The key for the host of <paramref name="Url"/>.</param>
/// <param name="Cache">Where it is kept.</param>
internal sealed partial record ModelSource(Uri Url, string Name, string? Token, IModelCache Cache)
{
    public const string HubPrefix = "hf:";

    /// <summary>The files of a model: one, or all of its parts, the first first.</summary>
    /// <exception cref="ModelDownloadException">The source is none.</exception>
    public static IReadOnlyList<ModelSource> Parse(string source, ModelDownloadOptions options)
    {
        if (source.StartsWith(HubPrefix, StringComparison.OrdinalIgnoreCase))
        {
            return ParseHub(source, options);
        }

        if (!Uri.TryCreate(source, UriKind.Absolute, out Uri? url) || url.Scheme is not ("https" or "http"))
        {
            throw new ModelDownloadException(source, "it is no address. Write hf:owner/repo/file.gguf, or an address that begins with https://.");
        }

        string path = url.GetComponents(UriComponents.Path, UriFormat.Unescaped);
        RequireFile(source, path);
        return [.. SplitNames(path).Select(part => new ModelSource(
            new UriBuilder(url) { Path = part }.Uri, Path.GetFileName(part), options.Token, new UrlCache(CacheFolders.ForUrls(options), Path.GetFileName(part))))];
    }

    private static IReadOnlyList<ModelSource> ParseHub(string source, ModelDownloadOptions options)
    {
        string[] names = source[HubPrefix.Length..].Split('/');
        if (names.Length < 3 || !RepositoryName().IsMatch(names[0]) || !RepositoryName().IsMatch(names[1]))
        {
            throw new ModelDownloadException(source, "it names no file of a repository. Write hf:owner/repo/file.gguf, as the repository's list of files shows it.");
        }

        string path = string.Join('/', names[2..]);
        RequireFile(source, path);
        string repository = $"{names[0]}/{names[1]}";
        string folder = Path.Combine(CacheFolders.ForHub(options), $"models--{names[0]}--{names[1]}");
        string? token = options.Token ?? options.Variable("HF_TOKEN");
        string hub = options.Hub.AbsoluteUri.TrimEnd('/');
        return [.. SplitNames(path).Select(part => new ModelSource(
            new Uri($"{hub}/{repository}/resolve/{Uri.EscapeDataString(options.Revision)}/{string.Join('/', part.Split('/').Select(Uri.EscapeDataString))}"),
            part.Split('/')[^1], token, new HubCache(folder, options.Revision, part)))];
    }

    /// <summary>Names of parts as llama.cpp writes and finds them (<c>llama_split_path</c>).</summary>
    private static IEnumerable<string> SplitNames(string path)
    {
        Match split = Split().Match(path);
        int count = split.Success ? int.Parse(split.Groups["count"].ValueSpan, CultureInfo.InvariantCulture) : 1;
        return count <= 1 ? [path] : Enumerable.Range(1, count).Select(
            number => string.Create(CultureInfo.InvariantCulture, $"{path[..split.Index]}-{number:D5}-of-{count:D5}.gguf"));
    }

    private static void RequireFile(string source, string path)
    {
        if (!path.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) || path.Split('/').Any(static name => name is "" or "." or ".." || name.AsSpan().ContainsAny('\\', ':', '\0')))
        {
            throw new ModelDownloadException(source, $"'{path}' is no name of a GGUF file. Name a file that ends with .gguf.");
        }
    }

    // Each alternative begins with another character, so no text is tried twice.
    [GeneratedRegex("^[A-Za-z0-9_]+(?:[.-]+[A-Za-z0-9_]+)*$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RepositoryName();

    [GeneratedRegex("-[0-9]{5}-of-(?<count>[0-9]{5})[.]gguf$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Split();
}
