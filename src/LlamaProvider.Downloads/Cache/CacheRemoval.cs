using LlamaProvider.Downloads.Hub;
using LlamaProvider.Downloads.Transfer;

namespace LlamaProvider.Downloads.Cache;

/// <summary>Takes a model out of the cache: its names in all commits, and the contents that no other name leads to.</summary>
/// <remarks>Empty lock files stay, since another process may be waiting for one.</remarks>
internal static class CacheRemoval
{
    /// <returns>The bytes that are free now.</returns>
    public static async Task<long> RemoveAsync(CachedModel model, ModelDownloadOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return model.Name.StartsWith(HubReference.Prefix, StringComparison.Ordinal)
                ? await RemoveOfHubAsync(model, options, cancellationToken).ConfigureAwait(false)
                : await RemoveOfUrlsAsync(model, options, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModelRemovalException(model.Name, $"{error.Message.TrimEnd('.')}. End what uses the model, and check the folder's permissions.", error);
        }
    }

    private static async Task<long> RemoveOfUrlsAsync(CachedModel model, ModelDownloadOptions options, CancellationToken cancellationToken)
    {
        long bytes = 0;
        foreach (string file in model.Files)
        {
            bytes += await DeleteAsync(file, options, cancellationToken).ConfigureAwait(false);
            File.Delete($"{file}.etag");
        }

        return bytes;
    }

    private static async Task<long> RemoveOfHubAsync(CachedModel model, ModelDownloadOptions options, CancellationToken cancellationToken)
    {
        HubReference reference = HubReference.Parse(model.Name);
        var folder = new HubFolder(HubCache.FolderOf(CacheFolders.ForHub(options), reference));
        string[] paths = SplitName.Parse(reference.Path!)?.All.ToArray() ?? [reference.Path!];
        string[] names = [.. folder.Commits().SelectMany(commit => paths.Select(path => folder.FileOf(commit, path))).Where(static file => new FileInfo(file) is { Exists: true } or { LinkTarget: not null })];
        string[] contents = [.. names.Select(Content).Distinct()];
        long bytes = 0;
        foreach (string name in names.Where(name => !contents.Contains(name)))
        {
            File.Delete(name);
        }

        var used = folder.Commits().SelectMany(commit => folder.PathsOf(commit).Select(path => Content(folder.FileOf(commit, path)))).ToHashSet();
        foreach (string content in contents.Where(content => !used.Contains(content) || names.Contains(content)))
        {
            bytes += await DeleteAsync(content, options, cancellationToken).ConfigureAwait(false);
        }

        DeleteEmptyFolders(folder.Path);
        return bytes;
    }

    /// <summary>Where a name's bytes are: where its link leads to, or itself, where links cannot be made.</summary>
    private static string Content(string file) => new FileInfo(file).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? file;

    private static async Task<long> DeleteAsync(string file, ModelDownloadOptions options, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(Path.GetDirectoryName(file)))
        {
            return 0;
        }

        // A download of the same content ends first, so that it does not lose what it writes to.
        string lockFile = $"{file}.lock";
        using IDisposable? held = File.Exists(lockFile) ? await FileLock.TakeAsync(lockFile, options.TimeProvider, cancellationToken).ConfigureAwait(false) : null;
        long bytes = File.Exists(file) ? new FileInfo(file).Length : 0;
        File.Delete(file);
        PartialFile.Delete(file);
        return bytes;
    }

    /// <summary>Folders of commits without files, and what names such commits.</summary>
    private static void DeleteEmptyFolders(string folder)
    {
        string snapshots = Path.Combine(folder, "snapshots");
        foreach (string path in Directory.EnumerateDirectories(snapshots, "*", SearchOption.AllDirectories).OrderByDescending(static path => path.Length).ToArray())
        {
            if (!Directory.EnumerateFileSystemEntries(path).Any())
            {
                Directory.Delete(path);
            }
        }

        if (!Directory.EnumerateFileSystemEntries(snapshots).Any())
        {
            Directory.Delete(snapshots);
            string references = Path.Combine(folder, "refs");
            if (Directory.Exists(references))
            {
                Directory.Delete(references, recursive: true);
            }
        }
    }
}
