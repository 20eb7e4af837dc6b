using System.Text.Json;
using System.Text.Json.Serialization;

namespace LlamaProvider.Downloads.Transfer;

/// <summary>A part of a file: from <see cref="Start"/> up to <see cref="Next"/> it has arrived.</summary>
internal sealed class FilePart
{
    public required long Start { get; init; }

    /// <summary>The byte after the last one; <see langword="null"/> for a file whose size is unknown.</summary>
    public required long? End { get; init; }

    public required long Next { get; set; }

    [JsonIgnore]
    public bool IsComplete => Next >= End;
}

/// <summary>What is known of a file that has partly arrived.</summary>
internal sealed class PartialState
{
    public required string? Validator { get; init; }

    public required string? Tag { get; init; }

    public required long? Size { get; init; }

    public required List<FilePart> Parts { get; init; }
}

/// <summary>
/// A file on its way: the bytes that have arrived, at their places, in <c>name.partial</c>, and beside it in <c>name.partial.json</c> which those are. The place is not llama.cpp's
/// (<c>name.downloadInProgress</c>), whose length says how much has arrived.
/// </summary>
internal sealed class PartialFile : IDisposable
{
    private readonly string _path;
    private readonly Microsoft.Win32.SafeHandles.SafeFileHandle _handle;
    private readonly PartialState _state;
    private readonly Lock _lock = new();
    private long _unsaved;

    private PartialFile(string path, Microsoft.Win32.SafeHandles.SafeFileHandle handle, PartialState state) => (_path, _handle, _state) = (path, handle, state);

    public IReadOnlyList<FilePart> Parts => _state.Parts;

    public long Received => _state.Parts.Sum(static part => part.Next - part.Start);

    /// <summary>Goes on with what an earlier attempt has left of the same file, or begins.</summary>
    /// <param name="contentPath">Where the file goes when it is whole.</param>
    /// <param name="remote">The file.</param>
    /// <param name="parts">How many parts are wanted.</param>
    public static PartialFile Open(string contentPath, RemoteFile remote, int parts)
    {
        string path = PathOf(contentPath);
        PartialState state = Load(path, remote) ?? Begin(remote, parts);
        var handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, FileOptions.Asynchronous);
        var file = new PartialFile(path, handle, state);
        file.Save();
        return file;
    }

    /// <summary>Bytes of a file that have arrived earlier.</summary>
    public static long ReceivedOf(string contentPath, RemoteFile remote) => Load(PathOf(contentPath), remote)?.Parts.Sum(static part => part.Next - part.Start) ?? 0;

    /// <summary>Forgets what has arrived.</summary>
    public static void Delete(string contentPath)
    {
        File.Delete(StatePath(PathOf(contentPath)));
        File.Delete(PathOf(contentPath));
    }

    /// <summary>Puts bytes at the end of what a part has; one writer a part.</summary>
    public async ValueTask WriteAsync(FilePart part, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await RandomAccess.WriteAsync(_handle, bytes, part.Next, cancellationToken).ConfigureAwait(false);
        part.Next += bytes.Length;
        if (Interlocked.Add(ref _unsaved, bytes.Length) > 16 << 20)
        {
            Save();
        }
    }

    /// <summary>Writes down which bytes have arrived.</summary>
    public void Save()
    {
        lock (_lock)
        {
            Interlocked.Exchange(ref _unsaved, 0);
            string state = StatePath(_path);
            File.WriteAllText($"{state}.new", JsonSerializer.Serialize(_state, PartialJson.Default.PartialState));
            File.Move($"{state}.new", state, overwrite: true);
        }
    }

    /// <summary>Gives the file its length, which is more than that of an earlier, longer attempt when the size was unknown.</summary>
    public void Finish() => RandomAccess.SetLength(_handle, Parts.Max(static part => part.Next));

    public static string PathOf(string contentPath) => $"{contentPath}.partial";

    public void Dispose() => _handle.Dispose();

    private static string StatePath(string path) => $"{path}.json";

    /// <summary>What cannot be told to be of the same content is of no use.</summary>
    private static PartialState? Load(string path, RemoteFile remote)
    {
        try
        {
            PartialState? state = File.Exists(path) && File.Exists(StatePath(path)) ? JsonSerializer.Deserialize(File.ReadAllText(StatePath(path)), PartialJson.Default.PartialState) : null;
            bool isSame = state is not null && remote.HasRanges && state.Size == remote.Size && state.Tag == remote.Tag && state.Validator == remote.Validator
                && (remote.Validator ?? remote.Tag) is not null && IsSound(state) && new FileInfo(path).Length >= state.Parts.Max(static part => part.Next > part.Start ? part.Next : 0);
            return isSame ? state : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsSound(PartialState state)
    {
        long end = 0;
        foreach (FilePart part in state.Parts)
        {
            if (part.Start != end || part.End is null || part.Next < part.Start || part.Next > part.End)
            {
                return false;
            }

            end = part.End.Value;
        }

        return end == state.Size;
    }

    private static PartialState Begin(RemoteFile remote, int parts)
    {
        long? size = remote.Size;
        int count = remote.HasRanges && size is > 0 ? (int)Math.Clamp(size.Value / (1 << 20), 1, parts) : 1;
        return new PartialState
        {
            Validator = remote.Validator,
            Tag = remote.Tag,
            Size = size,
            Parts = [.. Enumerable.Range(0, count).Select(i => new FilePart { Start = (size ?? 0) / count * i, Next = (size ?? 0) / count * i, End = i == count - 1 ? size : size / count * (i + 1) })],
        };
    }
}

[JsonSerializable(typeof(PartialState))]
internal sealed partial class PartialJson : JsonSerializerContext;
