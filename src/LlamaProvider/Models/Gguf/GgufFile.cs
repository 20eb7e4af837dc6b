using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace LlamaProvider.Models.Gguf;

/// <summary>
/// A GGUF file: its metadata and the descriptions of its tensors, not their data. Opening it reads the metadata once, in one pass, and keeps
/// numbers and places; texts and arrays are read from the file when asked for. Not safe to use from several threads.
/// </summary>
internal sealed class GgufFile : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly GgufByteReader _reader;
    private readonly GgufContents _contents;

    private GgufFile(SafeFileHandle handle, string path)
    {
        _handle = handle;
        Path = path;
        Length = RandomAccess.GetLength(handle);
        _reader = new GgufByteReader(handle, path, Length);
        _contents = new GgufParser(_reader, path).Parse();
    }

    /// <summary>The path as it was given.</summary>
    public string Path { get; }

    /// <summary>The bytes of the file.</summary>
    public long Length { get; }

    /// <summary>The version of the format: 2 or 3.</summary>
    public uint Version => _contents.Version;

    /// <summary>Every key in file order.</summary>
    public IReadOnlyDictionary<string, GgufValue> Metadata => _contents.Metadata;

    public IReadOnlyList<GgufTensor> Tensors => _contents.Tensors;

    /// <summary>Tensors start at multiples of this from <see cref="DataOffset"/>: a power of two.</summary>
    public uint Alignment => _contents.Alignment;

    /// <summary>Where the data of the tensors starts.</summary>
    public long DataOffset => _contents.DataOffset;

    /// <summary>Opens a file and reads everything but the data of its tensors.</summary>
    /// <exception cref="ModelLoadException">There is no such file, it cannot be read, or it is no GGUF file.</exception>
    public static GgufFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var handle = OpenHandle(path);
        try
        {
            return new GgufFile(handle, path);
        }
        catch (IOException exception)
        {
            handle.Dispose();
            throw Unreadable(path, exception);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>The error that the disk or share failed.</summary>
    public static ModelLoadException Unreadable(string path, Exception exception) =>
        new(path, $"the file cannot be read ({exception.Message}). Check that the disk or share is available.", exception);

    /// <summary>
    /// The text of a key, or null where the key is absent or no text. Bytes that are not UTF-8 become U+FFFD; a zero byte ends the text, because
    /// llama.cpp reads C strings and the rules have to see what it sees.
    /// </summary>
    public string? GetText(string key)
    {
        if (!Metadata.TryGetValue(key, out var value) || value.Type != GgufValueType.String)
        {
            return null;
        }

        if (value.ByteLength > GgufLimits.TextBytes)
        {
            throw Error($"'{key}' has {value.ByteLength} bytes; at most {GgufLimits.TextBytes} are read. {Remedy.ConvertAgain}");
        }

        var bytes = ReadBytes(value).AsSpan();
        var end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }

    /// <summary>The error that this file cannot be loaded.</summary>
    /// <param name="problem">The value that was wrong, the rule it breaks and what to do about it.</param>
    public ModelLoadException Error(string problem) => new(Path, problem);

    /// <summary>The elements of an array of 32-bit integers, as their bits.</summary>
    public uint[] ReadUInt32Array(GgufValue array)
    {
        if (!array.IsArrayOf(GgufValueType.UInt32) && !array.IsArrayOf(GgufValueType.Int32))
        {
            throw new ArgumentException($"The value is {array.TypeName}, not an array of 32-bit integers.", nameof(array));
        }

        var elements = new uint[array.Count];
        _reader.Seek(array.Offset);
        foreach (ref var element in elements.AsSpan())
        {
            element = _reader.ReadUInt32("an array");
        }

        return elements;
    }

    /// <summary>The bytes of a text or of the elements of an array; the caller limits their number.</summary>
    public byte[] ReadBytes(GgufValue value)
    {
        var bytes = new byte[value.ByteLength];
        for (var read = 0; read < bytes.Length;)
        {
            var count = RandomAccess.Read(_handle, bytes.AsSpan(read), value.Offset + read);
            read += count > 0 ? count : throw _reader.Truncated("a value");
        }

        return bytes;
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private static SafeFileHandle OpenHandle(string path)
    {
        if (Directory.Exists(path))
        {
            throw new ModelLoadException(path, "it is a directory. Give the path of the GGUF file in it.");
        }

        try
        {
            return File.OpenHandle(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ModelLoadException(path, "the file does not exist. Check the path; a relative one starts at the working directory.", exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new ModelLoadException(path, "this process may not read the file. Grant it read access.", exception);
        }
        catch (IOException exception)
        {
            throw Unreadable(path, exception);
        }
    }
}
