using System.Runtime.InteropServices;
using LlamaProvider.Decoding.Constraints.Automata;
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
    private readonly Stack<Level> _path = [];
    private readonly (int SubtreeEnd, LexemeState State)[] _lexemes = new (int, LexemeState)[(2 * trie.LongestToken) + 4];
    private int _lexemeDepth;
    private readonly List<byte> _word = [];
    private readonly Stack<(int SubtreeEnd, WordCursor Cursor)> _cursors = [];
    private readonly List<(int Node, ReadOnlyMemory<byte> Suffix)> _listed = [];

    /// <summary>Adds the tokens that may follow in a thread.</summary>
    public void AddTokens(RecognizerThread thread, TokenMask mask)
    {
        LocalMask local = LocalMaskOf(thread.State);
        mask.UnionWith(local.Inside);
        if (thread.Stack.Frames.IsEmpty)
        {
            return;
        }

        ByteSet? start = null;
        foreach (int exit in local.Exits)
        {
            int first = AddReturns(thread.Stack);
            start ??= _threads.NextBytes(first, _threads.Count);
            Walk(exit, first, start.Value, mask, exits: null);
        }
    }

    private int AddReturns(RuleStack stack)
    {
        int first = _threads.Count;
        foreach (RuleFrame frame in stack.Frames)
        {
            _threads.Add(new RecognizerThread(frame.Return, frame.Below));
        }

        return first;
    }

    private void WalkFrom(int top, RecognizerState state, RuleStack stack, TokenMask mask, List<int>? exits)
    {
        int first = _threads.Count;
        _threads.Add(new RecognizerThread(state, stack));
        Walk(top, first, _threads.NextBytes(first, first + 1), mask, exits);
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

        if (state is GuardedState guarded)
        {
            AddWords(guarded, mask, exits);
        }
        else if (state is LexemeState { HasCalls: false } lexeme)
        {
            WalkLexeme(TokenTrie.Root, lexeme, Surroundings, mask, exits);
        }
        else
        {
            WalkFrom(TokenTrie.Root, state, Surroundings, mask, exits);
        }

        exits.Sort();
        return new LocalMask(mask, [.. exits]);
    }

    /// <summary>
    /// Walks the nodes below <paramref name="top"/> with the threads from <paramref name="firstThread"/> on, which it removes, adding the tokens met and the nodes at which all
    /// may end. The first byte has to be one of <paramref name="start"/>.
    /// </summary>
    private void Walk(int top, int firstThread, ByteSet start, TokenMask mask, List<int>? exits)
    {
        ReadOnlySpan<ulong> nodes = trie.Nodes;
        (int index, int end) = trie.Below(top);
        int bottom = _path.Count;
        var here = new Level(end, firstThread);
        while (true)
        {
            while (index >= here.SubtreeEnd)
            {
                _threads.Clear(here.FirstThread);
                if (_path.Count == bottom)
                {
                    return;
                }

                here = _path.Pop();
            }

            ulong node = nodes[index];
            int size = TokenTrie.SizeOf(node);
            if (_path.Count == bottom && !start.Contains(TokenTrie.ByteOf(node)))
            {
                index += size;
                continue;
            }

            int first = _threads.Count;
            _threads.Advance(here.FirstThread, first, TokenTrie.ByteOf(node));
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
                index++;
                continue;
            }

            if (_threads.Count == first + 1 && _threads[first].State is LexemeState { HasCalls: false } lexeme)
            {
                RuleStack stack = _threads[first].Stack;
                _threads.Clear(first);
                if (lexeme.IsAccepting)
                {
                    LeaveLexeme(index, stack, mask, exits);
                }

                WalkLexeme(index, lexeme, stack, mask, exits);
                index += size;
                continue;
            }

            if (exits is not null && _threads.CanEnd(first, _threads.Count))
            {
                exits.Add(index);
            }

            WalkWords(index, first, mask, exits);
            _path.Push(here);
            here = new Level(index + size, first);
            index++;
        }
    }

    /// <summary>Walks the nodes below <paramref name="top"/> in one automaton, and with the threads around it where its text may end.</summary>
    private void WalkLexeme(int top, LexemeState state, RuleStack stack, TokenMask mask, List<int>? exits)
    {
        ReadOnlySpan<ulong> nodes = trie.Nodes;
        (int index, int end) = trie.Below(top);
        int bottom = _lexemeDepth;
        _lexemes[bottom] = (end, state);
        int depth = bottom;
        while (true)
        {
            while (index >= _lexemes[depth].SubtreeEnd)
            {
                if (depth == bottom)
                {
                    return;
                }

                depth--;
            }

            ulong node = nodes[index];
            int size = TokenTrie.SizeOf(node);
            if (_lexemes[depth].State.Step(TokenTrie.ByteOf(node)) is not { } next)
            {
                index += size;
                continue;
            }

            if (TokenTrie.TokenOf(node) is var token and >= 0)
            {
                mask.Add(token);
            }

            if (size > 1)
            {
                depth++;
                _lexemes[depth] = (index + size, next);
                if (next.IsAccepting)
                {
                    _lexemeDepth = depth + 1;
                    LeaveLexeme(index, stack, mask, exits);
                    _lexemeDepth = bottom;
                }
            }

            index++;
        }
    }

    private void LeaveLexeme(int node, RuleStack stack, TokenMask mask, List<int>? exits)
    {
        if (stack.CanEnd)
        {
            exits?.Add(node);
        }

        if (stack.Frames.Length > 0)
        {
            int first = AddReturns(stack);
            Walk(node, first, _threads.NextBytes(first, _threads.Count), mask, exits);
        }
    }

    /// <summary>Walks the words among the threads at a node by themselves, and takes them out of the threads.</summary>
    private void WalkWords(int top, int first, TokenMask mask, List<int>? exits)
    {
        int kept = first;
        int count = _threads.Count;
        for (int i = first; i < count; i++)
        {
            RecognizerThread thread = _threads[i];
            if (thread.State is GuardedState guarded)
            {
                Walk(top, guarded, guarded.Cursor, thread.Stack, mask, exits);
            }
            else
            {
                _threads.Move(i, kept++);
            }
        }

        _threads.Clear(kept);
    }

    /// <summary>The tokens that may follow inside a word, from the top of the trie.</summary>
    private void AddWords(GuardedState state, TokenMask mask, List<int> exits)
    {
        WordCursor cursor = state.Cursor;
        if (cursor.Unlisted is null)
        {
            Walk(TokenTrie.Root, state, cursor, Surroundings, mask, exits);
            return;
        }

        // What is not listed is one language, whose mask is known; the few listed words are set right afterwards.
        LocalMask unlisted = LocalMaskOf(cursor.Unlisted);
        mask.UnionWith(unlisted.Inside);
        _listed.Clear();
        foreach (ReadOnlyMemory<byte> suffix in state.ListedSuffixes())
        {
            if (FindEnd(suffix.Span, state, mask) is var node and >= 0)
            {
                _listed.Add((node, suffix));
            }
        }

        byte[][]? paths = state.IsUniform ? null : unlisted.PathsIn(trie);
        for (int i = 0; i < unlisted.Exits.Length; i++)
        {
            int exit = unlisted.Exits[i];
            if (!_listed.Exists(listed => listed.Node == exit) && state.EndOfUnlisted(paths is null ? [] : paths[i].AsSpan(0, paths[i].Length - 1)) is { } next)
            {
                WalkFrom(exit, next, Surroundings, mask, exits);
            }
        }

        foreach ((int node, ReadOnlyMemory<byte> suffix) in _listed)
        {
            SetListed(node, state, suffix.Span, mask, exits);
        }
    }

    /// <summary>The node that a listed word's rest and its terminator lead to; negative when no token gets there. Adds the tokens on the way.</summary>
    private int FindEnd(ReadOnlySpan<byte> suffix, GuardedState state, TokenMask mask)
    {
        WordCursor cursor = state.Cursor;
        int node = TokenTrie.Root;
        foreach (byte value in suffix)
        {
            node = trie.Child(node, value);
            if (node < 0)
            {
                return node;
            }

            if (state.TryMove(ref cursor, value) && TokenTrie.TokenOf(trie.Nodes[node]) is var token and >= 0)
            {
                mask.Add(token);
            }
        }

        return trie.Child(node, GuardedState.Terminator);
    }

    private void SetListed(int node, GuardedState state, ReadOnlySpan<byte> suffix, TokenMask mask, List<int> exits)
    {
        WordCursor cursor = state.Cursor;
        foreach (byte value in suffix)
        {
            state.TryMove(ref cursor, value);
        }

        RecognizerState? next = state.End(cursor, suffix);
        if (TokenTrie.TokenOf(trie.Nodes[node]) is var token and >= 0 && next is null)
        {
            mask.Remove(token);
        }

        if (next is not null)
        {
            WalkFrom(node, next, Surroundings, mask, exits);
        }
    }

    /// <summary>Walks the nodes below <paramref name="top"/> inside a word, and with threads where it ends.</summary>
    private void Walk(int top, GuardedState state, WordCursor cursor, RuleStack stack, TokenMask mask, List<int>? exits)
    {
        ReadOnlySpan<ulong> nodes = trie.Nodes;
        (int index, int end) = trie.Below(top);
        int bottom = _cursors.Count;
        int wordStart = _word.Count;
        (int SubtreeEnd, WordCursor Cursor) here = (end, cursor);
        while (true)
        {
            while (index >= here.SubtreeEnd)
            {
                if (_cursors.Count == bottom)
                {
                    return;
                }

                here = _cursors.Pop();
                _word.RemoveAt(_word.Count - 1);
            }

            ulong node = nodes[index];
            byte value = TokenTrie.ByteOf(node);
            WordCursor next = here.Cursor;
            if (GuardedState.IsEnd(next, value))
            {
                EndWord(index, state, next, wordStart, stack, mask, exits);
                index += TokenTrie.SizeOf(node);
            }
            else if (!state.TryMove(ref next, value))
            {
                index += TokenTrie.SizeOf(node);
            }
            else
            {
                if (TokenTrie.TokenOf(node) is var token and >= 0)
                {
                    mask.Add(token);
                }

                _cursors.Push(here);
                _word.Add(value);
                here = (index + TokenTrie.SizeOf(node), next);
                index++;
            }
        }
    }

    private void EndWord(int node, GuardedState state, WordCursor cursor, int wordStart, RuleStack stack, TokenMask mask, List<int>? exits)
    {
        if (state.End(cursor, CollectionsMarshal.AsSpan(_word)[wordStart..]) is not { } next)
        {
            return;
        }

        if (TokenTrie.TokenOf(trie.Nodes[node]) is var token and >= 0)
        {
            mask.Add(token);
        }

        WalkFrom(node, next, stack, mask, exits);
    }

    private readonly record struct Level(int SubtreeEnd, int FirstThread);
}
