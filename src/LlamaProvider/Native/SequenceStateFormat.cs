using System.Buffers.Binary;
using System.Security.Cryptography;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Native;

/// <summary>
/// The envelope around llama.cpp's sequence state: what it was written by and a checksum. llama.cpp trusts the bytes it is given,
/// so anything damaged or foreign is refused before it sees them.
/// </summary>
/// <remarks>Layout, little-endian: magic (4), version (4), key type (4), value type (4), first position (4), end position (4), payload length (8),
/// model fingerprint (32), payload, SHA-256 of everything before it (32).</remarks>
internal sealed class SequenceStateFormat(byte[] fingerprint, KvCacheType keyType, KvCacheType valueType)
{
    private const uint Magic = 0x5453504C; // "LPST"
    private const int Version = 1;
    private const int HeaderSize = 32 + ModelFingerprint.Size;
    private const int ChunkSize = 1 << 16;

    public void Write(Stream destination, PositionRange positions, NativeBuffer payload)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], (int)keyType);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], (int)valueType);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], positions.Start);
        BinaryPrimitives.WriteInt32LittleEndian(header[20..], positions.End);
        BinaryPrimitives.WriteInt64LittleEndian(header[24..], (long)payload.Length);
        fingerprint.CopyTo(header[32..]);

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(header);
        destination.Write(header);
        using (UnmanagedMemoryStream source = payload.OpenStream(FileAccess.Read))
        {
            Copy(source, destination, (long)payload.Length, hash);
        }

        destination.Write(hash.GetHashAndReset());
    }

    public NativeBuffer Read(Stream source, int cells, out PositionRange positions)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        ReadExactly(source, header);
        CheckHeader(header);
        positions = new PositionRange(BinaryPrimitives.ReadInt32LittleEndian(header[16..]), BinaryPrimitives.ReadInt32LittleEndian(header[20..]));
        if (positions.Count > cells)
        {
            throw new ModelContextException($"The saved state holds {positions.Count} positions, but this context has {cells} cells. Use a larger context.");
        }

        long length = BinaryPrimitives.ReadInt64LittleEndian(header[24..]);
        if (length <= 0 || (source.CanSeek && length > source.Length - source.Position))
        {
            throw Damaged();
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(header);
        var payload = new NativeBuffer((nuint)length);
        try
        {
            using (UnmanagedMemoryStream destination = payload.OpenStream(FileAccess.Write))
            {
                Copy(source, destination, length, hash);
            }

            Span<byte> expected = stackalloc byte[SHA256.HashSizeInBytes];
            ReadExactly(source, expected);
            if (!expected.SequenceEqual(hash.GetHashAndReset()))
            {
                throw Damaged();
            }

            return payload;
        }
        catch
        {
            payload.Dispose();
            throw;
        }
    }

    private void CheckHeader(ReadOnlySpan<byte> header)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) != Magic)
        {
            throw new ModelContextException("The saved state does not begin as one that SaveState wrote. Check that the right stream is read from its start.");
        }

        int version = BinaryPrimitives.ReadInt32LittleEndian(header[4..]);
        if (version != Version)
        {
            throw new ModelContextException($"The saved state has format version {version}, but this library reads version {Version}. Save it again with this version.");
        }

        var savedTypes = ((KvCacheType)BinaryPrimitives.ReadInt32LittleEndian(header[8..]), (KvCacheType)BinaryPrimitives.ReadInt32LittleEndian(header[12..]));
        if (savedTypes != (keyType, valueType))
        {
            throw new ModelContextException(
                $"The saved state has KV types {savedTypes.Item1} and {savedTypes.Item2}, but this context has {keyType} and {valueType}. Create the context with the saved types.");
        }

        if (!header[32..].SequenceEqual(fingerprint))
        {
            throw new ModelContextException("The saved state belongs to another model file. Load the model that it was saved with.");
        }
    }

    private static void Copy(Stream source, Stream destination, long length, IncrementalHash hash)
    {
        byte[] chunk = new byte[Math.Min(ChunkSize, length)];
        while (length > 0)
        {
            Span<byte> part = chunk.AsSpan(0, (int)Math.Min(chunk.Length, length));
            ReadExactly(source, part);
            hash.AppendData(part);
            destination.Write(part);
            length -= part.Length;
        }
    }

    private static void ReadExactly(Stream source, Span<byte> buffer)
    {
        try
        {
            source.ReadExactly(buffer);
        }
        catch (EndOfStreamException error)
        {
            throw new ModelContextException("The saved state ends too early. Save it again.", error);
        }
    }

    private static ModelContextException Damaged() => new("The saved state is damaged: its checksum or length does not fit its content. Save it again.");
}
