using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <content>A thread that is alone takes no list of threads, only the way back.</content>
internal sealed partial class MaskWalker
{
    private readonly LexemeWalk _lexemes;
    private (int End, RecognizerState State)[] _path = new (int, RecognizerState)[16];
    private int _depth;

    /// <summary>Walks siblings and all below them with one thread, as long as it stays alone: a step is then a look into a table.</summary>
    private void Walk(int index, int end, RecognizerState state, RuleStack stack, TokenMask mask, List<int>? exits)
    {
        if (stack is { Frames.IsEmpty: true, CanEnd: true } && state is LexemeState { IsPlain: true } lexeme)
        {
            _lexemes.Run(index, end, lexeme, mask, exits);
            return;
        }

        ReadOnlySpan<ulong> nodes = _trie.Nodes;
        int bottom = _depth;
        while (true)
        {
            while (index >= end)
            {
                if (_depth == bottom)
                {
                    return;
                }

                (end, state) = _path[--_depth];
            }

            ulong node = nodes[index];
            int size = TokenTrie.SizeOf(node);
            if (state.Step(TokenTrie.ByteOf(node)) is not { } next)
            {
                index += size;
                continue;
            }

            mask.AddUnlessNegative(TokenTrie.TokenOf(node));
            if (exits is not null && next.IsAccepting && size > 1 && stack.CanEnd)
            {
                exits.Add(index);
            }

            if (ReferenceEquals(next, state) || size == 1)
            {
                // What is below goes on as what is beside, so no place need be kept to come back to.
                index++;
                continue;
            }

            if (next is GuardedState word)
            {
                WalkWord(index, word, stack, mask, exits);
                index += size;
            }
            else if (new RecognizerThread(next, stack).IsAlone)
            {
                Push(end, state);
                state = next;
                end = index + size;
                index++;
            }
            else
            {
                int first = _threads.Count;
                _threads.Add(new RecognizerThread(next, stack));
                Walk(index + 1, index + size, first, mask, exits);
                _threads.Clear(first);
                index += size;
            }
        }
    }

    private void Push(int end, RecognizerState state)
    {
        if (_depth == _path.Length)
        {
            Array.Resize(ref _path, 2 * _depth);
        }

        _path[_depth++] = (end, state);
    }
}
