using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Scheduling.Prefixes;

/// <summary>A kept prefix outside the engine: its adapters and tokens, and the state of the sequence that holds them. On the engine's thread.</summary>
/// <remarks>
/// Layout, little-endian: magic (4), version (4), length of the description (4), the description (number of adapters, name and scale of each, number of tokens, the
/// tokens), SHA-256 of all this (32), and then what <see cref="IModelContext.SaveState"/> writes, which checks itself and the model it was written for.
/// </remarks>
internal static class PrefixState
{
    private const uint Magic = 0x5850504C; // "LPPX"
    private const int Version = 2;
    private const int HeaderSize = 12;

    /// <summary>Saves the kept sequence that begins with some tokens.</summary>
    /// <exception cref="ModelContextException">No kept sequence does, or the memory cannot be saved.</exception>
    public static byte[] Save(EngineLoop loop, AdapterSet adapters, ReadOnlySpan<int> tokens)
    {
        if (loop.Prefixes.Find(adapters, tokens, out RetainedSequence? sequence) < tokens.Length)
        {
            throw new ModelContextException("The conversation is no longer kept: other requests needed its cells. Save it when fewer run, or use a larger context.");
        }

        byte[] description = Describe(sequence!);
        var state = new MemoryStream();
        Span<byte> header = stackalloc byte[HeaderSize];
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], description.Length);
        state.Write(header);
        state.Write(description);
        state.Write(SHA256.HashData(state.GetBuffer().AsSpan(0, (int)state.Length)));
        loop.Context.SaveState(sequence!.Number, state);
        return state.ToArray();
    }

    /// <summary>Puts a saved sequence among the kept ones.</summary>
    /// <returns>How many tokens it holds.</returns>
    /// <exception cref="ModelContextException">The bytes are damaged or were written for another model, or there is no room.</exception>
    public static int Restore(EngineLoop loop, byte[] state, ILanguageModel model)
    {
        (AdapterSet adapters, int[] tokens) = Read(state, out int read);
        if (tokens.Length == 0 || tokens.Any(token => (uint)token >= (uint)model.Vocabulary.Count))
        {
            throw Damaged();
        }

        if (adapters.Adapters.FirstOrDefault(adapter => !model.Adapters.Contains(adapter.Name)) is { Name: { } missing })
        {
            throw new ModelContextException(
                $"The saved conversation was evaluated with the adapter '{missing}', but this engine has {(model.Adapters.Count > 0 ? string.Join(", ", model.Adapters) : "none")}. " +
                "Load the engine with the same adapters under the same names.");
        }

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

        loop.Prefixes.Keep(sequence, adapters, tokens, isPinned: false);
        return tokens.Length;
    }

    private static byte[] Describe(RetainedSequence sequence)
    {
        var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(sequence.Adapters.Adapters.Length);
        foreach (AdapterScale adapter in sequence.Adapters.Adapters)
        {
            writer.Write(adapter.Name);
            writer.Write(adapter.Scale);
        }

        writer.Write(sequence.Length);
        foreach (int token in sequence.GetTokens())
        {
            writer.Write(token);
        }

        return bytes.ToArray();
    }

    private static (AdapterSet Adapters, int[] Tokens) Read(byte[] state, out int read)
    {
        if (state.Length < HeaderSize || BinaryPrimitives.ReadUInt32LittleEndian(state) != Magic || BinaryPrimitives.ReadInt32LittleEndian(state.AsSpan(4)) != Version)
        {
            throw new ModelContextException("The bytes are not a conversation that this version saved. Save it again.");
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(state.AsSpan(8));
        long end = HeaderSize + (long)length;
        if (length < 0 || end + SHA256.HashSizeInBytes > state.Length
            || !SHA256.HashData(state.AsSpan(0, (int)end)).AsSpan().SequenceEqual(state.AsSpan((int)end, SHA256.HashSizeInBytes)))
        {
            throw Damaged();
        }

        read = (int)end + SHA256.HashSizeInBytes;
        try
        {
            return ReadDescription(new MemoryStream(state, HeaderSize, length, writable: false));
        }
        catch (Exception error) when (error is IOException or ArgumentException or FormatException)
        {
            // The checksum tells damage; this is for bytes that somebody made up.
            throw Damaged();
        }
    }

    private static (AdapterSet Adapters, int[] Tokens) ReadDescription(MemoryStream description)
    {
        using var reader = new BinaryReader(description, Encoding.UTF8);
        var adapters = new List<AdapterScale>();
        for (int left = reader.ReadInt32(); left > 0; left--)
        {
            adapters.Add(new AdapterScale(reader.ReadString(), reader.ReadSingle()));
        }

        int count = reader.ReadInt32();
        byte[] tokens = reader.ReadBytes((int)(description.Length - description.Position));
        return tokens.Length == 4L * count ? (new AdapterSet(adapters), MemoryMarshal.Cast<byte, int>(tokens).ToArray()) : throw new FormatException();
    }

    private static ModelContextException Damaged() => new("The saved conversation is damaged or cut short. Save it again.");
}
