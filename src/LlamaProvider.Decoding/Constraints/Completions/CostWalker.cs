using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Lengths;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Constraints.Completions;

/// <summary>Finds what it costs to complete a text after each token, by walking the vocabulary's trie together with the grammar as <see cref="MaskWalker"/> does.</summary>
/// <remarks>
/// What a token costs splits like what is legal: as long as it stays inside a rule, the cost is that of the state, once a state for all stacks, and what surrounds the rule is added; tokens that go
/// beyond the rule's end are walked from there. An unlisted word stands for all, for a few tokens more where others have to follow (<see cref="ShortWords.SpareOf"/>).
/// </remarks>
internal sealed partial class CostWalker
{
    private readonly TokenTrie _trie;
    private readonly RuleCompletions _rules;
    private readonly RecognizerThreads _threads = new(new StackSpace());
    private readonly List<byte> _word = [];
    private readonly List<int> _exits = [];
    private readonly CostLevels _levels;
    private int _reserved;

    /// <param name="trie">The tokens.</param>
    /// <param name="rules">How rules end.</param>
    public CostWalker(TokenTrie trie, RuleCompletions rules)
    {
        _trie = trie;
        _rules = rules;
        _levels = new CostLevels(trie.EntryCount);
        _joint = new JointTables(trie, new SpareMasks(trie.EntryCount));
        Threads = new ThreadCosts(rules);
    }

    /// <summary>The costs of the stacks that were met.</summary>
    public ThreadCosts Threads { get; }

    /// <summary>The tokens that stay within a state's rule, with what it costs to end it.</summary>
    public TokenCosts WalkRule(RecognizerState state)
    {
        Begin();
        if (state.IsAccepting)
        {
            _exits.Add(TokenTrie.Root);
        }

        Enter(TokenTrie.Root, new RecognizerThread(state, RuleStack.Bottom), ofRule: true);
        return Result();
    }

    /// <summary>The tokens that go on where a rule may have ended, with what it costs to end all that is open.</summary>
    public TokenCosts WalkBeyond(ReadOnlySpan<int> exits, RuleStack stack)
    {
        Begin();
        foreach (int exit in exits)
        {
            _threads.Clear();
            foreach (RuleFrame frame in stack.Frames)
            {
                _threads.Add(new RecognizerThread(frame.Return, frame.Below));
            }

            WalkBelow(exit, first: 0, ofRule: false);
        }

        return Result();
    }

    // A limit may have ended the walk before.
    private void Begin()
    {
        _threads.Clear();
        _exits.Clear();
        _levels.Clear();
        _word.Clear();
        _reserved = 0;
    }

    private TokenCosts Result() => _levels.Take([.. _exits.Distinct()]);

    private void Record(int node, int cost)
    {
        if (TokenTrie.TokenOf(_trie.Nodes[node]) is var token and >= 0 && ThreadCosts.Sum(cost, _reserved) is var sum and < Completion.Unwritable)
        {
            _levels.Add(token, sum);
        }
    }

    private void Enter(int top, RecognizerThread thread, bool ofRule)
    {
        int first = _threads.Count;
        _threads.Add(thread);
        WalkBelow(top, first, ofRule);
        _threads.Clear(first);
    }

    /// <summary>Walks all below a node with the threads from <paramref name="first"/> on; words by themselves.</summary>
    private void WalkBelow(int top, int first, bool ofRule)
    {
        (int start, int end) = _trie.Below(top);
        int kept = first;
        for (int i = first, count = _threads.Count; i < count; i++)
        {
            if (_threads[i].State is GuardedState word)
            {
                WalkWord(start, end, WordOf(word, _threads[i].Stack, ofRule), word.Cursor);
            }
            else
            {
                _threads.Move(i, kept++);
            }
        }

        _threads.Clear(kept);
        if (kept == first + 1 && _threads[first] is { IsAlone: true } only)
        {
            WalkAlone(start, end, only.State, only.Stack, ofRule);
        }
        else if (kept > first)
        {
            Walk(start, end, first, ofRule);
        }
    }

    private void Walk(int index, int end, int first, bool ofRule)
    {
        int count = _threads.Count;
        for (; index < end; index += TokenTrie.SizeOf(_trie.Nodes[index]))
        {
            _threads.Advance(first, count, TokenTrie.ByteOf(_trie.Nodes[index]));
            if (_threads.Count > count)
            {
                Meet(index, count, ofRule);
                _threads.Clear(count);
            }
        }
    }

    private void Meet(int node, int first, bool ofRule)
    {
        int cost = Completion.Unwritable;
        foreach (RecognizerThread thread in _threads[first.._threads.Count])
        {
            cost = Math.Min(cost, Threads.Of(thread));
        }

        Record(node, cost);
        if (TokenTrie.SizeOf(_trie.Nodes[node]) > 1)
        {
            if (ofRule && _threads.CanEnd(first, _threads.Count))
            {
                _exits.Add(node);
            }

            WalkBelow(node, first, ofRule);
        }
    }

    private void WalkAlone(int index, int end, RecognizerState state, RuleStack stack, bool ofRule)
    {
        if (ReferenceEquals(stack, RuleStack.Bottom) && state is LexemeState { IsPlain: true } plain)
        {
            WalkPlain(index, end, plain, ofRule);
            return;
        }

        int around = Threads.Of(stack);
        for (; index < end; index += TokenTrie.SizeOf(_trie.Nodes[index]))
        {
            if (state.Step(TokenTrie.ByteOf(_trie.Nodes[index])) is not { } next)
            {
                continue;
            }

            if (next is GuardedState || !new RecognizerThread(next, stack).IsAlone)
            {
                int first = _threads.Count;
                _threads.Add(new RecognizerThread(next, stack));
                Meet(index, first, ofRule);
                _threads.Clear(first);
                continue;
            }

            Record(index, ThreadCosts.Sum(Threads.Of(next), around));
            int size = TokenTrie.SizeOf(_trie.Nodes[index]);
            if (size > 1)
            {
                if (ofRule && next.IsAccepting && stack.CanEnd)
                {
                    _exits.Add(index);
                }

                WalkAlone(index + 1, index + size, next, stack, ofRule);
            }
        }
    }
}
