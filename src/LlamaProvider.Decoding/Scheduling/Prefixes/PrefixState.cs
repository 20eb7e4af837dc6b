using System.Buffers.Binary;
using System.Security.Cryptography;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Scheduling.Prefixes;

/// <summary>A kept prefix outside the engine: its tokens, and the state of the sequence that holds them. On the engine's thread.</summary>
/// <remarks>
/// Layout, little-endian: magic (4), version (4), number of tokens (4), the tokens (4 each), SHA-256 of all this (32), and then what
/// <see cref="IModelContext.SaveState"/> writes, which checks itself and the model it was written for.
/// </remarks>
internal static class PrefixState
{
    private const uint Magic = 0x5850504C; // "LPPX"
    private const int Version = 1;
    private const int HeaderSize = 12;

    /// <summary>Saves the kept sequence that begins with some tokens.</summary>
    /// <exception cref="ModelContextException">No kept sequence does, or the memory cannot be saved.</exception>
    public static byte[] Save(EngineLoop loop, ReadOnlySpan<int> tokens)
    {
        if (loop.Prefixes.Find(tokens, out RetainedSequence? sequence) < tokens.Length)
        {
            throw new ModelContextException("The conversation is no longer kept: other requests needed its cells. Save it when fewer run, or use a larger context.");
        }

        int[] held = sequence!.GetTokens();
        var state = new MemoryStream();
        Span<byte> header = stackalloc byte[HeaderSize];
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], held.Length);
        state.Write(header);
        foreach (int token in held)
        {
            BinaryPrimitives.WriteInt32LittleEndian(header, token);
            state.Write(header[..4]);
        }

        state.Write(SHA256.HashData(state.GetBuffer().AsSpan(0, (int)state.Length)));
        loop.Context.SaveState(sequence.Number, state);
        return state.ToArray();
    }

    /// <summary>Puts a saved sequence among the kept ones.</summary>
    /// <returns>How many tokens it holds.</returns>
    /// <exception cref="ModelContextException">The bytes are damaged or were written for another model, or there is no room.</exception>
    public static int Restore(EngineLoop loop, byte[] state, int vocabularySize)
    {
        int[] tokens = ReadTokens(state, vocabularySize, out int read);
        if (loop.Prefixes.TryTake(tokens.Length) is not int sequence)
        {
            throw new ModelContextException(
                $"The saved conversation holds {tokens.Length} tokens, but the context of {loop.Context.Limits.Cells} has no room for it beside what runs and is pinned. " +
                "Restore it when fewer requests run, or use a larger context.");
        }

        try
        {
            loop.Context.LoadState(sequence, new MemoryStream(state, read, state.Length - read, writable: false));
            if (loop.Context.GetPositions(sequence).End != tokens.Length)
            {
                throw Damaged();
            }
        }
        catch
        {
            loop.Prefixes.Free(sequence);
            throw;
        }

        loop.Prefixes.Keep(sequence, tokens, isPinned: false);
        return tokens.Length;
    }

    private static int[] ReadTokens(ReadOnlySpan<byte> state, int vocabularySize, out int read)
    {
        if (state.Length < HeaderSize || BinaryPrimitives.ReadUInt32LittleEndian(state) != Magic || BinaryPrimitives.ReadInt32LittleEndian(state[4..]) != Version)
        {
            throw new ModelContextException("The bytes are not a conversation that this version saved. Save it again.");
        }

        int count = BinaryPrimitives.ReadInt32LittleEndian(state[8..]);
        long end = HeaderSize + (4L * count);
        if (count < 1 || end + SHA256.HashSizeInBytes > state.Length
            || !SHA256.HashData(state[..(int)end]).AsSpan().SequenceEqual(state.Slice((int)end, SHA256.HashSizeInBytes)))
        {
            throw Damaged();
        }

        int[] tokens = new int[count];
        for (int index = 0; index < count; index++)
        {
            tokens[index] = BinaryPrimitives.ReadInt32LittleEndian(state[(HeaderSize + (4 * index))..]);
        }

        read = (int)end + SHA256.HashSizeInBytes;
        return tokens.All(token => (uint)token < (uint)vocabularySize) ? tokens : throw Damaged();
    }

    private static ModelContextException Damaged() => new("The saved conversation is damaged or cut short. Save it again.");
}
