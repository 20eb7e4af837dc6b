using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace LlamaProvider.Models.Gguf;

/// <summary>
/// Reads forward through a file, a window at a time. It never reads past the end and never allocates by what the file says.
/// A window rather than a mapping: a mapped file that another process truncates ends this process with SIGBUS.
/// </summary>
internal sealed class GgufByteReader(SafeFileHandle handle, string path, long length)
{
    /// <summary>The most bytes that <see cref="Take"/> returns; large enough to amortize the system call.</summary>
    public const int WindowBytes = 1 << 16;

    private readonly byte[] _window = new byte[WindowBytes];
    private int _next;
    private int _count;

    /// <summary>The offset in the file of the next byte.</summary>
    public long Position { get; private set; }

    public long Remaining => length - Position;

    public uint ReadUInt32(string what) => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint), what));

    public ulong ReadUInt64(string what) => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong), what));

    /// <summary>The next bytes, at most <see cref="WindowBytes"/>, valid until the next call.</summary>
    public ReadOnlySpan<byte> Take(int count, string what)
    {
        Require(count, what);
        if (_count - _next < count)
        {
            Refill(count, what);
        }

        var taken = _window.AsSpan(_next, count);
        _next += count;
        Position += count;
        return taken;
    }

    /// <summary>Passes over bytes without reading those that are not in the window yet.</summary>
    public void Skip(long count, string what)
    {
        Require(count, what);
        var inWindow = (int)Math.Min(count, _count - _next);
        _next += inWindow;
        if (inWindow < count)
        {
            _next = _count = 0;
        }

        Position += count;
    }

    /// <summary>Continues at another place of the file.</summary>
    public void Seek(long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, length);
        Position = offset;
        _next = _count = 0;
    }

    /// <summary>The error that the file ends too early.</summary>
    public ModelLoadException Truncated(string what) =>
        new(path, $"the file ends at byte {length}, inside {what}. {Remedy.CopyAgain}");

    private void Require(long count, string what)
    {
        if ((ulong)count > (ulong)Remaining)
        {
            throw Truncated(what);
        }
    }

    private void Refill(int count, string what)
    {
        var kept = _count - _next;
        _window.AsSpan(_next, kept).CopyTo(_window);
        _next = 0;
        _count = kept;
        while (_count < count)
        {
            var read = RandomAccess.Read(handle, _window.AsSpan(_count), Position + _count);
            if (read == 0)
            {
                throw Truncated(what);
            }

            _count += read;
        }
    }
}
