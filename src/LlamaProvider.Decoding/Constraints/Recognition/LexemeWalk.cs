using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>
/// The walk of <see cref="MaskWalker"/> inside a plain language that nothing is open around: no rule is called or returned from, and every state is one of the language's. Most nodes
/// that are ever met are met here, so the loop asks of each no more than it must.
/// </summary>
/// <remarks>One thread at a time.</remarks>
/// <param name="part">The tokens.</param>
internal sealed class LexemeWalk(VocabularyPart part)
{
    private (int End, LexemeState State)[] _path = new (int, LexemeState)[16];

    /// <summary>Adds the tokens of siblings and of all below them, and the nodes at which the language may end.</summary>
    /// <param name="index">The first sibling.</param>
    /// <param name="end">The node behind the last one's subtree.</param>
    /// <param name="state">The state before them.</param>
    /// <param name="mask">Receives the tokens.</param>
    /// <param name="exits">Receives the nodes that have others below them.</param>
    public void Run(int index, int end, LexemeState state, TokenMask mask, List<int>? exits)
    {
        if (part.Subtrees is { } subtrees && end - index >= subtrees.LeastNodes)
        {
            SureWalk.Run(part, this, index..end, state, mask, exits);
            return;
        }

        Walk(index, end, state, mask, exits);
    }

    /// <summary>The same of a node and all below it.</summary>
    /// <param name="node">The node.</param>
    /// <param name="state">The state behind its byte.</param>
    /// <param name="mask">Receives the tokens.</param>
    /// <param name="exits">Receives the nodes that have others below them.</param>
    public void WalkNode(int node, LexemeState state, TokenMask mask, List<int>? exits)
    {
        mask.AddUnlessNegative(TokenTrie.TokenOf(part.Trie.Nodes[node]));
        (int start, int end) = part.Trie.Below(node);
        if (state.IsAccepting && start < end)
        {
            exits?.Add(node);
        }

        Walk(start, end, state, mask, exits);
    }

    /// <summary>As <see cref="Run"/>, whatever may be sure.</summary>
    public void Walk(int index, int end, LexemeState state, TokenMask mask, List<int>? exits)
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
}
