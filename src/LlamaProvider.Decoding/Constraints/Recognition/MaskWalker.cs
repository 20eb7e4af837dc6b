using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>Finds the legal tokens of a thread by walking the vocabulary's trie together with the grammar.</summary>
/// <remarks>
/// <para>
/// Naive: try every token byte by byte; 49,152 tokens of 5 bytes are 250,000 steps. First, tokens that begin alike share their steps: a depth-first walk over the trie,
/// which skips a subtree at the first byte that does not fit. Second, what a token may do splits at the end of the innermost rule: as long as it stays inside,
/// nothing around matters, so that part (<see cref="LocalMask"/>) is computed once a state, and for states that are plain languages once for all grammars
/// (<see cref="LexemeMasks"/>). Third, only tokens that go on beyond the rule's end are walked for the stack at hand, from the nodes where the rule may end; inside a
/// string these are the few tokens that contain a quotation mark.
/// </para>
/// <para>One thread at a time.</para>
/// </remarks>
internal sealed class MaskWalker(TokenTrie trie, LexemeMasks lexemes, StackSpace space)
{
    /// <summary>Stands for what surrounds a rule, when that is left open.</summary>
    private static readonly RuleStack Surroundings = RuleStack.Bottom;

    private readonly RecognizerThreads _threads = new(space);
    private readonly List<(int SubtreeEnd, int FirstThread)> _path = [];

    /// <summary>Adds the tokens that may follow in a thread.</summary>
    public void AddTokens(RecognizerThread thread, TokenMask mask)
    {
        LocalMask local = LocalMaskOf(thread.State);
        mask.UnionWith(local.Inside);
        if (thread.Stack.Frames.IsEmpty)
        {
            return;
        }

        foreach (int exit in local.Exits)
        {
            _threads.Clear();
            foreach (RuleFrame frame in thread.Stack.Frames)
            {
                _threads.Add(new RecognizerThread(frame.Return, frame.Below));
            }

            Walk(exit, mask, exits: null);
        }
    }

    private LocalMask LocalMaskOf(RecognizerState state) => state.Mask ??= lexemes.GetOrAdd(state, this, static (walker, state) => walker.Compute(state));

    private LocalMask Compute(RecognizerState state)
    {
        var mask = new TokenMask(trie.EntryCount);
        var exits = new List<int>();
        if (state.IsAccepting)
        {
            exits.Add(TokenTrie.Root);
        }

        _threads.Clear();
        _threads.Add(new RecognizerThread(state, Surroundings));
        Walk(TokenTrie.Root, mask, exits);
        return new LocalMask(mask, [.. exits]);
    }

    /// <summary>Walks the nodes below <paramref name="top"/> with the threads at hand, adding the tokens met and the nodes at which all may end.</summary>
    private void Walk(int top, TokenMask mask, List<int>? exits)
    {
        ReadOnlySpan<ulong> nodes = trie.Nodes;
        (int index, int end) = trie.Below(top);
        _path.Clear();
        (int SubtreeEnd, int FirstThread) here = (end, 0);
        while (true)
        {
            while (index >= here.SubtreeEnd)
            {
                if (_path.Count == 0)
                {
                    return;
                }

                _threads.Clear(here.FirstThread);
                here = _path[^1];
                _path.RemoveAt(_path.Count - 1);
            }

            ulong node = nodes[index];
            int first = _threads.Count;
            _threads.Advance(here.FirstThread, first, TokenTrie.ByteOf(node));
            int size = TokenTrie.SizeOf(node);
            if (_threads.Count == first)
            {
                index += size;
                continue;
            }

            if (TokenTrie.TokenOf(node) is var token and >= 0)
            {
                mask.Add(token);
            }

            if (size == 1)
            {
                _threads.Clear(first);
            }
            else
            {
                if (exits is not null && _threads.CanEnd(first, _threads.Count))
                {
                    exits.Add(index);
                }

                _path.Add(here);
                here = (index + size, first);
            }

            index++;
        }
    }
}
