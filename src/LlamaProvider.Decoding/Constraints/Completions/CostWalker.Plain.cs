using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Constraints.Completions;

/// <content>Inside plain languages that nothing is open around, where most nodes are met: no rule is called or returned from, so the loop asks of each no more than it must.</content>
internal sealed partial class CostWalker
{
    private void WalkPlain(int index, int end, LexemeState state, bool ofRule)
    {
        ReadOnlySpan<ulong> nodes = _trie.Nodes;
        while (index < end)
        {
            ulong node = nodes[index];
            int size = TokenTrie.SizeOf(node);
            if (state.Step(TokenTrie.ByteOf(node)) is not { } next)
            {
                index += size;
                continue;
            }

            if (TokenTrie.TokenOf(node) >= 0)
            {
                Record(index, Threads.Of(next));
            }

            if (ofRule && next.IsAccepting && size > 1)
            {
                _exits.Add(index);
            }

            if (ReferenceEquals(next, state))
            {
                index++;
                continue;
            }

            WalkPlain(index + 1, index + size, next, ofRule);
            index += size;
        }
    }
}
