using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>
/// The walk of <see cref="MaskWalker"/> inside a plain language that nothing is open around: no rule is called or returned from, and every state is one of the language's. Most nodes
/// that are ever met are met here, so the loop asks of each no more than it must.
/// </summary>
/// <remarks>
/// Naive: inside a string nearly all tokens are legal, and each of a hundred thousand nodes is stepped to. But of texts of letters, digits and signs all may follow there, whatever they are
/// (<see cref="SureTexts"/>); tokens that are nothing else are known ahead (<see cref="Subtrees.AddTokens"/>), and the nodes that have only such tokens below them need not be met:
/// 2,500 of 99,000 are left. One thread at a time.
/// </remarks>
/// <param name="part">The tokens.</param>
internal sealed class LexemeWalk(VocabularyPart part)
{
    private readonly SureTextSearch _search = new(part.Trie.LongestToken);
    private (int End, LexemeState State)[] _path = new (int, LexemeState)[16];

    /// <summary>Adds the tokens of siblings and of all below them, and the nodes at which the language may end.</summary>
    /// <param name="index">The first sibling.</param>
    /// <param name="end">The node behind the last one's subtree.</param>
    /// <param name="state">The state before them.</param>
    /// <param name="mask">Receives the tokens.</param>
    /// <param name="exits">Receives the nodes that have others below them.</param>
    public void Run(int index, int end, LexemeState state, TokenMask mask, List<int>? exits)
    {
        if (part.Subtrees is not { } subtrees || end - index < subtrees.LeastNodes || _search.TextsAfter(state) is not { Kinds: not 0 } texts)
        {
            Walk(index, end, state, mask, exits);
            return;
        }

        bool isWhole = index == 0 && end == part.Trie.Nodes.Length;
        if (isWhole)
        {
            subtrees.AddTokens(texts, mask);
        }

        // Where tokens are added on the way, those that are too long are not passed over.
        WalkBeside(index, end, state, new Sure(subtrees, isWhole ? texts : texts with { NoneIsLonger = false }, isWhole), mask, exits);
    }

    /// <summary>Walks behind bytes of sure texts, past the nodes that have nothing else below them.</summary>
    private void WalkBeside(int index, int end, LexemeState state, Sure sure, TokenMask mask, List<int>? exits)
    {
        ReadOnlySpan<ulong> nodes = part.Trie.Nodes;
        while (index < end)
        {
            ulong node = nodes[index];
            byte value = TokenTrie.ByteOf(node);
            int size = TokenTrie.SizeOf(node);
            Sure below = sure.After(value);
            if (below.AreKnownBelow(index))
            {
                below.AddTokens(nodes.Slice(index, size), mask);
            }
            else if (state.Step(value) is { } next)
            {
                mask.AddUnlessNegative(TokenTrie.TokenOf(node));
                if (next.IsAccepting && size > 1)
                {
                    exits?.Add(index);
                }

                if (below.IsAny)
                {
                    WalkBeside(index + 1, index + size, next, below, mask, exits);
                }
                else
                {
                    Run(index + 1, index + size, next, mask, exits);
                }
            }

            index += size;
        }
    }

    private void Walk(int index, int end, LexemeState state, TokenMask mask, List<int>? exits)
    {
        ReadOnlySpan<ulong> nodes = part.Trie.Nodes;
        int depth = 0;
        while (true)
        {
            while (index >= end)
            {
                if (depth == 0)
                {
                    return;
                }

                (end, state) = _path[--depth];
            }

            ulong node = nodes[index];
            int size = TokenTrie.SizeOf(node);
            if (state.Step(TokenTrie.ByteOf(node)) is not { } next)
            {
                index += size;
                continue;
            }

            mask.AddUnlessNegative(TokenTrie.TokenOf(node));
            if (next.IsAccepting && size > 1)
            {
                exits?.Add(index);
            }

            // Which nodes have nothing below them cannot be foreseen, which makes it dear to ask, so it is asked last.
            if (!ReferenceEquals(next, state) && size > 1)
            {
                // Behind the last sibling there is no place to come back to.
                if (index + size < end)
                {
                    Push(depth++, end, state);
                }

                end = index + size;
                state = next;
            }

            index++;
        }
    }

    private void Push(int depth, int end, LexemeState state)
    {
        if (depth == _path.Length)
        {
            Array.Resize(ref _path, 2 * depth);
        }

        _path[depth] = (end, state);
    }

    /// <summary>Sure texts on the way down.</summary>
    /// <param name="Subtrees">Of the trie.</param>
    /// <param name="Texts">What is sure here.</param>
    /// <param name="AreAdded">Whether the tokens that are sure texts from the top on are in the mask.</param>
    private readonly record struct Sure(Subtrees Subtrees, SureTexts Texts, bool AreAdded)
    {
        public bool IsAny => Texts.Kinds != 0;

        public Sure After(byte value) => this with { Texts = Texts.After(value) };

        /// <summary>Whether it is known which of the tokens of a node and below it are legal.</summary>
        public bool AreKnownBelow(int node) => IsAny && Subtrees.AreKnown(Texts, node);

        public void AddTokens(ReadOnlySpan<ulong> nodes, TokenMask mask)
        {
            foreach (ulong node in AreAdded ? [] : nodes)
            {
                mask.AddUnlessNegative(TokenTrie.TokenOf(node));
            }
        }
    }
}
