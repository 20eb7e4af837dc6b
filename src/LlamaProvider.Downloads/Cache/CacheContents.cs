using LlamaProvider.Downloads.Hub;

namespace LlamaProvider.Downloads.Cache;

/// <summary>Which models are in the cache. Reads folders and no content.</summary>
internal static class CacheContents
{
    /// <summary>All models, by name.</summary>
    public static IReadOnlyList<CachedModel> List(ModelDownloadOptions options) =>
        [.. OfHub(CacheFolders.ForHub(options)).Concat(OfUrls(CacheFolders.ForUrls(options))).OrderBy(static model => model.Name, StringComparer.OrdinalIgnoreCase)];

    private static IEnumerable<CachedModel> OfHub(string cache)
    {
        foreach ((string repository, HubFolder folder) in HubFolder.All(cache))
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (string commit in folder.Commits())
            {
                // Of a file that several commits have, the one of the first counts.
                string[] paths = [.. folder.PathsOf(commit).Order(StringComparer.Ordinal)];
                foreach (string[] parts in Group(paths).Where(parts => seen.Add(parts[0])))
                {
                    yield return Describe($"{HubReference.Prefix}{repository}/{parts[0]}", [.. parts.Select(path => folder.FileOf(commit, path))], parts[0]);
                }
            }
        }
    }

    private static IEnumerable<CachedModel> OfUrls(string cache)
    {
        string[] files = Directory.Exists(cache) ? [.. Directory.EnumerateFiles(cache, "*.gguf").Order(StringComparer.Ordinal)] : [];
        return Group(files).Select(parts => Describe(Path.GetFileName(parts[0]), parts, parts[0]));
    }

    /// <summary>Files that are one model stand together. The first is there, or else what there is counts under its own name.</summary>
    private static IEnumerable<string[]> Group(IEnumerable<string> paths) =>
        paths.GroupBy(static path => SplitName.Parse(path) is { } split ? $"{split.Prefix}/{split.Count}" : path, static (_, files) => files.ToArray());

    private static CachedModel Describe(string name, string[] files, string first)
    {
        FileInfo[] contents = [.. files.Select(static file => new FileInfo(file)).Select(static file => file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file)];
        return new CachedModel
        {
            Name = name,
            Path = files[0],
            Files = files,
            Bytes = contents.Sum(static file => file.Length),
            Modified = new DateTimeOffset(contents.Max(static file => file.LastWriteTimeUtc)),
            IsComplete = SplitName.Parse(first) is not { } split || split.Count == files.Length,
        };
    }
}
