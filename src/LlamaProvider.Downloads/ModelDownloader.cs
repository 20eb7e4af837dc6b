using LlamaProvider.Downloads.Cache;
using LlamaProvider.Downloads.Hub;
using LlamaProvider.Downloads.Sources;
using LlamaProvider.Downloads.Transfer;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlamaProvider.Downloads;

/// <summary>One call: cache, lock, transfer, check, name.</summary>
internal sealed partial class ModelDownloader(ModelDownloadOptions options, IProgress<ModelDownloadProgress>? progress) : IDisposable
{
    /// <summary>How often a file may change during its download.</summary>
    private const int MostChanges = 3;

    private readonly FileServer _server = new(options);
    private readonly ILogger _logger = (options.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger("LlamaProvider.Downloads");
    private readonly Lock _reporting = new();

    public async Task<string> RunAsync(string source, CancellationToken cancellationToken)
    {
        IReadOnlyList<ModelSource> files = ModelSource.Parse(await ChooseFileAsync(source, cancellationToken).ConfigureAwait(false), options);
        if (files.Count > 1 && options.Sha256 is not null)
        {
            throw new ModelDownloadException(source, $"{nameof(ModelDownloadOptions.Sha256)} is set, but the model has {files.Count} files. Leave it unset.");
        }

        string? first = null;
        for (int index = 0; index < files.Count; index++)
        {
            string path = await GetAsync(files[index], index + 1, files.Count, cancellationToken).ConfigureAwait(false);
            first ??= path;
        }

        return first!;
    }

    public void Dispose() => _server.Dispose();

    /// <summary>Of a repository, chooses the file; what names one already stays as it is.</summary>
    private async Task<string> ChooseFileAsync(string source, CancellationToken cancellationToken)
    {
        if (!source.StartsWith(HubReference.Prefix, StringComparison.OrdinalIgnoreCase) || HubReference.Parse(source) is not { Path: null } reference)
        {
            return source;
        }

        string reason = "the cache alone is looked at (offline)";
        ServerUnreachableException? unreachable = null;
        if (!options.IsOffline)
        {
            try
            {
                IReadOnlyList<string> paths = await new RepositoryFiles(_server, options).ListAsync(source, reference, cancellationToken).ConfigureAwait(false);
                return Choose(source, reference, paths, "the repository");
            }
            catch (ServerUnreachableException error)
            {
                (reason, unreachable) = (error.Message, error);
            }
        }

        string[] cached = [.. new HubFolder(HubCache.FolderOf(CacheFolders.ForHub(options), reference)).PathsOfRevision(options.Revision)];
        if (cached.Length == 0)
        {
            throw new ModelDownloadException(source, $"{reason}, and the cache has no file of the repository. Download it while the server can be reached, or name a file.", innerException: unreachable);
        }

        LogListCached(source, reason);
        return Choose(source, reference, cached, $"{reason}, and the cache");
    }

    private string Choose(string source, HubReference reference, IEnumerable<string> paths, string place)
    {
        string path = QuantizationChoice.Choose(source, reference, paths, place);
        LogChosen(path, source);
        return reference.ToSource(path);
    }

    private async Task<string> GetAsync(ModelSource file, int number, int files, CancellationToken cancellationToken)
    {
        try
        {
            return options.IsOffline ? FromCache(file, "the cache alone is looked at (offline)", null) : await GetFromServerAsync(file, number, files, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModelDownloadException(
                file.Url.AbsoluteUri, $"the cache cannot be written ({error.Message}). Check the folder's permissions and room, or set another {nameof(ModelDownloadOptions.CacheFolder)}.", innerException: error);
        }
    }

    private async Task<string> GetFromServerAsync(ModelSource file, int number, int files, CancellationToken cancellationToken)
    {
        for (int change = 0; change < MostChanges; change++)
        {
            RemoteFile remote;
            try
            {
                remote = await _server.DescribeAsync(file, cancellationToken).ConfigureAwait(false);
            }
            catch (ServerUnreachableException error)
            {
                return FromCache(file, error.Message, error);
            }

            try
            {
                return await GetAsync(file, remote, number, files, cancellationToken).ConfigureAwait(false);
            }
            catch (FileChangedException)
            {
                LogChanged(file.Url.AbsoluteUri);
            }
        }

        throw new ModelDownloadException(file.Url.AbsoluteUri, $"the server's file changed {MostChanges} times during the download, or it says other things of it than it sends. Try again later.");
    }

    private string FromCache(ModelSource file, string reason, Exception? error)
    {
        string path = file.Cache.Find() ?? throw new ModelDownloadException(
            file.Url.AbsoluteUri, $"{reason}, and the cache does not have it. Download it while the server can be reached, or name a file.", innerException: error);
        LogCached(path, reason);
        return path;
    }

    private async Task<string> GetAsync(ModelSource file, RemoteFile remote, int number, int files, CancellationToken cancellationToken)
    {
        if (options.Sha256 is { } wanted && remote.Sha256 is { } told && !wanted.Equals(told, StringComparison.OrdinalIgnoreCase))
        {
            throw new ModelDownloadException(file.Url.AbsoluteUri, $"its SHA-256 is {told}, but must be {wanted.ToLowerInvariant()}. Nothing was downloaded; check the hash and the revision.");
        }

        if (file.Cache.FindCurrent(remote) is { } current)
        {
            return current;
        }

        string content = file.Cache.ContentPath(remote);
        Directory.CreateDirectory(Path.GetDirectoryName(content)!);
        using IDisposable held = await FileLock.TakeAsync($"{content}.lock", options.TimeProvider, cancellationToken).ConfigureAwait(false);
        if (file.Cache.FindCurrent(remote) is { } done)
        {
            return done;
        }

        if (!IsWholeContent(file, content))
        {
            RequireRoom(file, remote, content);
            await TransferAsync(file, remote, content, number, files, cancellationToken).ConfigureAwait(false);
        }

        return file.Cache.Publish(remote);
    }

    /// <summary>A content whose name is its hash is what it says; it may have come with another commit.</summary>
    private static bool IsWholeContent(ModelSource file, string content) => file.Cache is HubCache && File.Exists(content);

    private async Task TransferAsync(ModelSource file, RemoteFile remote, string content, int number, int files, CancellationToken cancellationToken)
    {
        LogDownloading(file.Url.AbsoluteUri, remote.Size);
        string partial = PartialFile.PathOf(content);
        try
        {
            using (PartialFile bytes = PartialFile.Open(content, remote, options.Parts))
            {
                await new FileTransfer(_server, file, remote, bytes, options, received => Report(new(file.Name, number, files, received, remote.Size))).RunAsync(cancellationToken).ConfigureAwait(false);
                bytes.Finish();
            }
        }
        catch (FileChangedException)
        {
            PartialFile.Delete(content);
            throw;
        }

        try
        {
            await ContentCheck.RequireAsync(file, remote, partial, options.Sha256 ?? remote.Sha256, cancellationToken).ConfigureAwait(false);
        }
        catch (ModelDownloadException)
        {
            PartialFile.Delete(content);
            throw;
        }

        File.Move(partial, content, overwrite: true);
        PartialFile.Delete(content);
    }

    private void RequireRoom(ModelSource file, RemoteFile remote, string content)
    {
        string folder = Path.GetDirectoryName(content)!;
        long received = PartialFile.ReceivedOf(content, remote);
        if (received == 0)
        {
            // Bytes of which nothing is known any more, as after the disk was full, only take room.
            PartialFile.Delete(content);
        }

        long needed = (remote.Size ?? 0) - received;
        long free = options.FreeSpace(folder);
        if (needed > free)
        {
            throw new ModelDownloadException(
                file.Url.AbsoluteUri, $"{needed} more bytes are needed, but the disk of '{folder}' has {free}. Make room, or set another {nameof(ModelDownloadOptions.CacheFolder)}.");
        }
    }

    private void Report(ModelDownloadProgress report)
    {
        if (progress is not null)
        {
            lock (_reporting)
            {
                progress.Report(report);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Downloading {Url} ({Size} bytes)")]
    private partial void LogDownloading(string url, long? size);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Url} has changed on the server; beginning again")]
    private partial void LogChanged(string url);

    [LoggerMessage(Level = LogLevel.Information, Message = "Using {Path} of the cache: {Reason}")]
    private partial void LogCached(string path, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Source}: choosing among the files of the cache: {Reason}")]
    private partial void LogListCached(string source, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Chose {Path} for {Source}")]
    private partial void LogChosen(string path, string source);
}
