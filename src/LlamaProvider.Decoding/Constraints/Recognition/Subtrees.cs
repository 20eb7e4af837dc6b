using System.Runtime.Intrinsics;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>
/// What the tokens of a trie, and those below each of its nodes, are made of: the kinds of their bytes (<see cref="ByteKinds"/>), and how many bytes they have at most. Immutable.
/// </summary>
internal sealed class Subtrees
{
    /// <summary>Bytes of the longest tokens that can be summarized.</summary>
    public const int Longest = ushort.MaxValue >> ByteKinds.Count;

    private const ushort AllKinds = (1 << ByteKinds.Count) - 1;
    private const int TokensInWord = 64;

    // Kinds in the lower bits, the length in the upper ones; where there is no token, all bits, which are no sure text's.
    private readonly ushort[] _tokens;
    private readonly ushort[] _below;
    private readonly byte[] _depths;

    /// <param name="trie">The tokens, of at most <see cref="Longest"/> bytes.</param>
    /// <param name="leastNodes">See <see cref="LeastNodes"/>.</param>
    public Subtrees(TokenTrie trie, int leastNodes)
    {
        LeastNodes = leastNodes;
        ReadOnlySpan<ulong> nodes = trie.Nodes;
        _tokens = new ushort[(trie.EntryCount + TokensInWord - 1) / TokensInWord * TokensInWord];
        Array.Fill(_tokens, ushort.MaxValue);
        _below = new ushort[nodes.Length];
        _depths = new byte[nodes.Length];
        (int start, int end) = trie.Below(TokenTrie.Root);
        Summarize(nodes, start, end, kinds: 0, length: 0);
    }

    /// <summary>Nodes from which on it is worth seeking which texts are sure, rather than walking all of them.</summary>
    public int LeastNodes { get; }

    /// <summary>For each node the bytes on the way to it, without its own.</summary>
    public ReadOnlySpan<byte> Depths => _depths;

    /// <summary>Whether all texts below a node are sure ones, or longer than any that may follow.</summary>
    public bool AreKnown(SureTexts sure, int top) => (_below[top] & AllKinds & ~sure.Kinds) == 0 && (sure.NoneIsLonger || _below[top] >> ByteKinds.Count <= sure.Length);

    /// <summary>Adds the tokens that are sure texts.</summary>
    public void AddTokens(SureTexts sure, TokenMask mask)
    {
        Vector512<ushort> others = Vector512.Create((ushort)(AllKinds & ~sure.Kinds));
        Vector512<ushort> most = Vector512.Create((ushort)((Math.Min((int)sure.Length, Longest) << ByteKinds.Count) | AllKinds));
        for (int first = 0; first < _tokens.Length; first += TokensInWord)
        {
            ulong low = AreSure(Vector512.Create<ushort>(_tokens.AsSpan(first)), others, most);
            ulong high = AreSure(Vector512.Create<ushort>(_tokens.AsSpan(first + Vector512<ushort>.Count)), others, most);
            mask.AddWord(first / TokensInWord, low | (high << Vector512<ushort>.Count));
        }
    }

    private static ulong AreSure(Vector512<ushort> tokens, Vector512<ushort> others, Vector512<ushort> most) =>
        (Vector512.Equals(tokens & others, Vector512<ushort>.Zero) & Vector512.LessThanOrEqual(tokens, most)).ExtractMostSignificantBits();

    /// <summary>Finds what siblings and those below them are made of, with the bytes on the way to them.</summary>
    /// <returns>What the siblings and those below them are made of by themselves.</returns>
    private ushort Summarize(ReadOnlySpan<ulong> nodes, int index, int end, int kinds, int length)
    {
        int kindsHere = 0;
        int longest = 0;
        while (index < end)
        {
            ulong node = nodes[index];
            int kind = ByteKinds.SetOf(TokenTrie.ByteOf(node));
            if (TokenTrie.TokenOf(node) is var token and >= 0)
            {
                _tokens[token] = Summary(kinds | kind, length + 1);
            }

            int size = TokenTrie.SizeOf(node);
            _depths[index] = (byte)length;
            _below[index] = Summarize(nodes, index + 1, index + size, kinds | kind, length + 1);
            kindsHere |= kind | (_below[index] & AllKinds);
            longest = Math.Max(longest, (_below[index] >> ByteKinds.Count) + 1);
            index += size;
        }

        return Summary(kindsHere, longest);
    }

    private static ushort Summary(int kinds, int length) => (ushort)(kinds | (length << ByteKinds.Count));
}
