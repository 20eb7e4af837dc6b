using System.Security.Cryptography;
using System.Text;
using LlamaProvider.Downloads.Hub;
using LlamaProvider.Downloads.Transfer;

namespace LlamaProvider.Downloads.Cache;

/// <summary>
/// Hugging Face's cache, which llama.cpp shares: contents by hash in <c>blobs</c>, names as links to them in <c>snapshots/COMMIT</c>, and the commit of a branch in <c>refs/BRANCH</c>.
/// </summary>
/// <param name="folder">The repository's folder.</param>
/// <param name="revision">The branch, tag or commit.</param>
/// <param name="path">The file's path in the repository.</param>
internal sealed class HubCache(string folder, string revision, string path) : IModelCache
{
    /// <summary>What the names of all repositories' folders begin with.</summary>
    public const string FolderPrefix = "models--";

    /// <summary>A repository's folder.</summary>
    public static string FolderOf(string cache, HubReference reference) => Path.Combine(cache, $"{FolderPrefix}{reference.Owner}--{reference.Name}");

    private string ReferencePath => Path.Combine(folder, "refs", revision);

    public string? Find()
    {
        string? commit = IsHash(revision, 40) ? revision : File.Exists(ReferencePath) ? File.ReadAllText(ReferencePath).Trim() : null;
        return commit is null ? null : Existing(SnapshotPath(commit));
    }

    public string? FindCurrent(RemoteFile remote) => Existing(SnapshotPath(CommitOf(remote)));

    public string ContentPath(RemoteFile remote) => Path.Combine(folder, "blobs", ContentName(remote));

    public string Publish(RemoteFile remote)
    {
        string commit = CommitOf(remote);
        string file = SnapshotPath(commit);
        string content = ContentPath(remote);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.Delete(file);
        try
        {
            File.CreateSymbolicLink(file, Path.GetRelativePath(Path.GetDirectoryName(file)!, content));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Windows lets only some users make links; llama.cpp moves the file then, too.
            File.Move(content, file);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(ReferencePath)!);
        File.WriteAllText(ReferencePath, commit);
        return file;
    }

    /// <summary>Whether a file is there; a link whose content is gone is not.</summary>
    public static bool HasContent(string file) => File.Exists(file) && new FileInfo(file).ResolveLinkTarget(returnFinalTarget: true) is null or { Exists: true };

    private static string? Existing(string file) => HasContent(file) ? file : null;

    private string SnapshotPath(string commit) => Path.Combine([folder, "snapshots", commit, .. path.Split('/')]);

    /// <summary>Mirrors may leave the commit out.</summary>
    private string CommitOf(RemoteFile remote) => remote.Commit is { } commit && IsHash(commit, 40) ? commit : revision;

    /// <summary>The hash that the hub tells: SHA-256 of large files, Git's own of small ones; another tag is hashed, since it may be no name of a file.</summary>
    private static string ContentName(RemoteFile remote) =>
        remote.Sha256 ?? (remote.Tag is { } tag && IsHash(tag, 40) ? tag : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{remote.Url.GetLeftPart(UriPartial.Path)} {remote.Tag} {remote.Size}"))));

    private static bool IsHash(string text, int length) => text.Length == length && text.All(char.IsAsciiHexDigit);
}
