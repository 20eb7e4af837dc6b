using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LlamaProvider.Decoding.Constraints;

namespace LlamaProvider.Decoding.Sampling.Selection;

/// <summary>A row of logits under a mask: the legal tokens by themselves where they are few, the whole row with the others blocked where they are many.</summary>
internal static class MaskedRow
{
    /// <summary>Legal tokens are gathered when they are at most one of so many; where the two ways take equally long on 49,152 tokens.</summary>
    private const int GatherShare = 8;

    /// <summary>Whether so many legal tokens are few. One always is.</summary>
    public static bool IsShort(int legal, int size) => legal <= 1 + (size / GatherShare);

    /// <summary>Writes the legal tokens, ascending, and their logits.</summary>
    public static void Gather(ReadOnlySpan<float> row, TokenMask mask, Span<int> tokens, Span<float> logits)
    {
        int count = 0;
        ReadOnlySpan<ulong> words = mask.Words;
        for (int word = 0; word < words.Length; word++)
        {
            for (ulong bits = words[word]; bits != 0; bits &= bits - 1)
            {
                int token = (word << 6) + BitOperations.TrailingZeroCount(bits);
                tokens[count] = token;
                logits[count++] = row[token];
            }
        }
    }

    /// <summary>Copies a row, with negative infinity for what is not legal.</summary>
    public static void Block(ReadOnlySpan<float> row, TokenMask mask, Span<float> destination)
    {
        ReadOnlySpan<ulong> words = mask.Words;
        int whole = row.Length >> 6;
        for (int word = 0; word < whole; word++)
        {
            Block(row.Slice(word << 6, 64), words[word], destination.Slice(word << 6, 64));
        }

        for (int token = whole << 6; token < row.Length; token++)
        {
            destination[token] = mask[token] ? row[token] : float.NegativeInfinity;
        }
    }

    private static void Block(ReadOnlySpan<float> row, ulong legal, Span<float> destination)
    {
        switch (legal)
        {
            case 0:
                destination.Fill(float.NegativeInfinity);
                return;
            case ulong.MaxValue:
                row.CopyTo(destination);
                return;
        }

        ref float source = ref MemoryMarshal.GetReference(row);
        ref float target = ref MemoryMarshal.GetReference(destination);
        var lanes = Vector256.Create(1, 2, 4, 8, 16, 32, 64, 128);
        var blocked = Vector256.Create(float.NegativeInfinity);
        for (int start = 0; start < 64; start += Vector256<float>.Count)
        {
            Vector256<int> isLegal = Vector256.Equals(Vector256.Create((int)(legal >> start)) & lanes, lanes);
            Vector256.ConditionalSelect(isLegal.AsSingle(), Vector256.LoadUnsafe(ref source, (nuint)start), blocked).StoreUnsafe(ref target, (nuint)start);
        }
    }
}
