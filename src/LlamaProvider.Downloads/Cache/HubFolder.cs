namespace LlamaProvider.Downloads.Cache;

/// <summary>What a repository's folder in Hugging Face's cache has: <c>snapshots/COMMIT/file</c>, and the commits of branches in <c>refs</c>.</summary>
internal sealed class HubFolder(string folder)
{
    private const string MainBranch = "main";

    public string Path => folder;

    private string Snapshots => System.IO.Path.Combine(folder, "snapshots");

    private string References => System.IO.Path.Combine(folder, "refs");

    /// <summary>The repositories of a cache, with the source that each has as <c>hf:owner/repo</c>; folders of other names are none.</summary>
    public static IEnumerable<(string Repository, HubFolder Folder)> All(string cache) =>
        from path in Directory.Exists(cache) ? Directory.GetDirectories(cache, $"{HubCache.FolderPrefix}*") : []
        let names = System.IO.Path.GetFileName(path)[HubCache.FolderPrefix.Length..].Split("--", 2)
        where names.Length == 2
        select ($"{names[0]}/{names[1]}", new HubFolder(path));

    /// <summary>Paths of the files that the cache has of a commit, each as the repository names it.</summary>
    public IEnumerable<string> PathsOf(string commit)
    {
        string snapshot = System.IO.Path.Combine(Snapshots, commit);
        return Directory.Exists(snapshot)
            ? Directory.EnumerateFiles(snapshot, "*.gguf", SearchOption.AllDirectories)
                .Where(HubCache.HasContent)
                .Select(file => System.IO.Path.GetRelativePath(snapshot, file).Replace(System.IO.Path.DirectorySeparatorChar, '/'))
            : [];
    }

    /// <summary>The file of a path in a commit's snapshot.</summary>
    public string FileOf(string commit, string path) => System.IO.Path.Combine([Snapshots, commit, .. path.Split('/')]);

    /// <summary>All commits, those first that are named: the main branch's, then those of other branches, then the newest.</summary>
    public IReadOnlyList<string> Commits()
    {
        string[] commits = Directory.Exists(Snapshots) ? [.. Directory.EnumerateDirectories(Snapshots).OrderByDescending(Directory.GetLastWriteTimeUtc).Select(static path => System.IO.Path.GetFileName(path))] : [];
        string[] named = Directory.Exists(References)
            ? [.. Directory.EnumerateFiles(References, "*", SearchOption.AllDirectories).OrderByDescending(static file => System.IO.Path.GetFileName(file) == MainBranch).Select(static file => File.ReadAllText(file).Trim())]
            : [];
        return [.. named.Intersect(commits).Union(commits)];
    }

    /// <summary>Paths that the cache has of a revision.</summary>
    public IEnumerable<string> PathsOfRevision(string revision)
    {
        string reference = System.IO.Path.Combine(References, revision);
        return PathsOf(File.Exists(reference) ? File.ReadAllText(reference).Trim() : revision);
    }
}
