using LlamaProvider.Downloads.Cache;
using LlamaProvider.Downloads.Hub;

namespace LlamaProvider.Downloads.Sources;

/// <summary>One file to be downloaded: where it is, and where it is kept.</summary>
/// <param name="Url">Where it is.</param>
/// <param name="Name">The file's name, without folders.</param>
/// <param name="Token">The key for the host of <paramref name="Url"/>.</param>
/// <param name="Cache">Where it is kept.</param>
internal sealed record ModelSource(Uri Url, string Name, string? Token, IModelCache Cache)
{
    /// <summary>The files of a model: one, or all of its parts, the first first.</summary>
    /// <exception cref="ModelDownloadException">The source is none.</exception>
    public static IReadOnlyList<ModelSource> Parse(string source, ModelDownloadOptions options)
    {
        if (source.StartsWith(HubReference.Prefix, StringComparison.OrdinalIgnoreCase))
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
        HubReference reference = HubReference.Parse(source);
        string path = reference.Path ?? throw new ModelDownloadException(source, "it names no file of a repository. Write hf:owner/repo/file.gguf, as the repository's list of files shows it.");
        RequireFile(source, path);
        string folder = HubCache.FolderOf(CacheFolders.ForHub(options), reference);
        string? token = options.Token ?? options.Variable("HF_TOKEN");
        string hub = options.Hub.AbsoluteUri.TrimEnd('/');
        return [.. SplitNames(path).Select(part => new ModelSource(
            new Uri($"{hub}/{reference.Repository}/resolve/{Uri.EscapeDataString(options.Revision)}/{string.Join('/', part.Split('/').Select(Uri.EscapeDataString))}"),
            part.Split('/')[^1], token, new HubCache(folder, options.Revision, part)))];
    }

    private static IEnumerable<string> SplitNames(string path) => SplitName.Parse(path)?.All ?? [path];

    private static void RequireFile(string source, string path)
    {
        if (!path.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) || path.Split('/').Any(static name => name is "" or "." or ".." || name.AsSpan().ContainsAny('\\', ':', '\0')))
        {
            throw new ModelDownloadException(source, $"'{path}' is no name of a GGUF file. Name a file that ends with .gguf.");
        }
    }
}
