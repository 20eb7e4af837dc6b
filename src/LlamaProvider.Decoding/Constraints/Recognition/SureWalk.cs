using System.Collections.Concurrent;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>The walk of <see cref="LexemeWalk"/> over many nodes.</summary>
/// <remarks>
/// <para>
/// Naive: inside a string nearly all tokens are legal, and each of a hundred thousand nodes is stepped to. But of texts of letters, digits and signs all may follow there, whatever they are
/// (<see cref="SureTexts"/>); tokens that are nothing else are known ahead (<see cref="Subtrees.AddTokens"/>), and the nodes that have only such tokens below them need not be met:
/// 2,500 of 99,000 are left.
/// </para>
/// <para>
/// Where little is sure, as where texts must not hold two of several words, all are met. Nodes lie in the order of the walk, so where the way back from one leads is told by its depth, and states are
/// numbers (<see cref="StateTable"/>): no branch that cannot be foreseen, and no object to be followed.
/// </para>
/// </remarks>
internal sealed class SureWalk
{
    private const int None = -1;

    // Where texts are sure up to some length only, whether these few nodes are known cannot be foreseen, and it is sooner done to step to them than to ask.
    private const int FewNodes = 6;

    private const int Unlimited = SureTexts.Unlimited;

    private static readonly ConcurrentBag<SureWalk> Spare = [];

    private readonly SureTextSearch _search = new();
    private readonly StateTable _table = new();

    /// <summary>Adds the tokens of siblings and of all below them, and the nodes at which the language may end.</summary>
    /// <param name="part">The tokens, with <see cref="VocabularyPart.Subtrees"/>.</param>
    /// <param name="few">Walks below states that have no number.</param>
    /// <param name="nodes">The siblings with all below them.</param>
    /// <param name="state">The state before them.</param>
    /// <param name="mask">Receives the tokens.</param>
    /// <param name="exits">Receives the nodes that have others below them.</param>
    public static void Run(VocabularyPart part, LexemeWalk few, Range nodes, LexemeState state, TokenMask mask, List<int>? exits)
    {
        SureWalk walk = Spare.TryTake(out SureWalk? spare) ? spare : new SureWalk();
        try
        {
            walk.Run(new Target(part.Trie, part.Subtrees!, few, mask, exits), nodes.Start.Value, nodes.End.Value, state);
        }
        finally
        {
            walk._table.Clear();
            walk._search.Clear();
            Spare.Add(walk);
        }
    }

    private void Run(in Target target, int index, int end, LexemeState state)
    {
        // Where nothing is sure, as where one of a few words has to come, most nodes are passed over without it, and few states are met twice.
        SureTexts texts = _search.TextsAfter(state, target.Trie.LongestToken);
        int number = texts.Kinds == 0 ? StateTable.NoNumber : _table.NumberOf(state);
        if (number == StateTable.NoNumber)
        {
            target.Few.Walk(index, end, state, target.Mask, target.Exits);
            return;
        }

        bool isWhole = index == 0 && end == target.Trie.Nodes.Length;
        if (isWhole)
        {
            target.Subtrees.AddTokens(texts, target.Mask);
        }

        // Where tokens are added on the way, those that are too long are not passed over.
        Walk(target, index, end, number, isWhole ? texts : texts with { NoneIsLonger = false }, isWhole);
    }

    /// <summary>Walks the nodes in their order.</summary>
    /// <param name="target">The tokens and where they go.</param>
    /// <param name="index">The first node.</param>
    /// <param name="end">The node behind the last one.</param>
    /// <param name="number">The state before them.</param>
    /// <param name="texts">What is sure there.</param>
    /// <param name="areAdded">Whether the tokens that are sure texts are in the mask.</param>
    private void Walk(in Target target, int index, int end, int number, SureTexts texts, bool areAdded)
    {
        ReadOnlySpan<ulong> nodes = target.Trie.Nodes;
        ReadOnlySpan<byte> depths = target.Subtrees.Depths;
        Subtrees subtrees = target.Subtrees;
        StateTable table = _table;
        TokenMask mask = target.Mask;
        int kinds = texts.Kinds;
        int large = subtrees.LeastNodes;
        int fewNodes = texts.Length == Unlimited ? 0 : FewNodes;

        // By depth the state before a node, and how many more bytes are sure there.
        Span<int> numbers = stackalloc int[Subtrees.Longest + 2];
        Span<int> sureBytes = stackalloc int[Subtrees.Longest + 2];
        numbers[depths[index]] = number;
        sureBytes[depths[index]] = texts.Length == Unlimited ? short.MaxValue : texts.Length;
        while (index < end)
        {
            ulong node = nodes[index];
            int depth = depths[index];
            int size = TokenTrie.SizeOf(node);
            byte value = TokenTrie.ByteOf(node);
            int sure = (kinds & ByteKinds.SetOf(value)) == 0 ? None : sureBytes[depth] - 1;
            if (size > fewNodes && sure > None && subtrees.AreKnown(texts with { Length = (byte)Math.Min(sure, Unlimited) }, index))
            {
                AddTokens(areAdded ? [] : nodes.Slice(index, size), mask);
                index += size;
                continue;
            }

            int next = table.Step(numbers[depth], value);
            if (next is StateTable.NoText or StateTable.NoNumber)
            {
                if (next == StateTable.NoNumber)
                {
                    target.Few.WalkNode(index, table[numbers[depth]].Step(value)!, mask, target.Exits);
                }

                index += size;
                continue;
            }

            mask.AddUnlessNegative(TokenTrie.TokenOf(node));
            if ((next & StateTable.Accepting) != 0 && size > 1)
            {
                target.Exits?.Add(index);
            }

            if (size > large && sure <= None)
            {
                Run(target, index + 1, index + size, table[next]);
                index += size;
                continue;
            }

            numbers[depth + 1] = next;
            sureBytes[depth + 1] = sure;
            index++;
        }
    }

    private static void AddTokens(ReadOnlySpan<ulong> nodes, TokenMask mask)
    {
        foreach (ulong node in nodes)
        {
            mask.AddUnlessNegative(TokenTrie.TokenOf(node));
        }
    }

    /// <param name="Trie">The tokens.</param>
    /// <param name="Subtrees">What they are made of.</param>
    /// <param name="Few">Walks below states that have no number.</param>
    /// <param name="Mask">Receives the tokens.</param>
    /// <param name="Exits">Receives the nodes at which the language may end.</param>
    private readonly record struct Target(TokenTrie Trie, Subtrees Subtrees, LexemeWalk Few, TokenMask Mask, List<int>? Exits);
}
