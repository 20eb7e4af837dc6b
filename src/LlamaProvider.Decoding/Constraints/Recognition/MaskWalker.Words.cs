using System.Runtime.InteropServices;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <content>Inside words whose meaning depends on all of them, a cursor stands for the thread.</content>
internal sealed partial class MaskWalker
{
    private readonly List<byte> _word = [];
    private readonly Stack<(int SubtreeEnd, WordCursor Cursor)> _cursors = [];
    private readonly List<(int Node, RecognizerState? Behind)> _listed = [];

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
                WalkWord(top, guarded, thread.Stack, mask, exits);
            }
            else
            {
                _threads.Move(i, kept++);
            }
        }

        _threads.Clear(kept);
    }

    /// <summary>The tokens that may follow inside a word, from the top of the _trie.</summary>
    private void AddWords(GuardedState state, TokenMask mask, List<int> exits)
    {
        WordCursor cursor = state.Cursor;
        if (state.Joint is { } place && _joint.Of(place) is { } table)
        {
            AddTogether(state, table, mask, exits);
            return;
        }

        if (cursor.Unlisted is null || cursor.Companion is not null)
        {
            WalkWord(TokenTrie.Root, state, Surroundings, mask, exits);
            return;
        }

        // What is not listed is one language, whose mask is known; the few listed words are set right afterwards.
        LocalMask unlisted = LocalMaskOf(cursor.Unlisted);
        unlisted.AddTo(mask);
        SetListedRight(state, mask);
        byte[][]? paths = state.IsUniform ? null : unlisted.PathsIn(_trie);
        for (int i = 0; i < unlisted.Exits.Length; i++)
        {
            int exit = unlisted.Exits[i];
            if (!IsListed(exit) && state.EndOfUnlisted(paths is null ? [] : paths[i]) is { } next)
            {
                WalkLikely(exit, next, state, path: default, Surroundings, mask, exits);
            }
        }

        WalkBehindListed(mask, exits);
    }

    private void SetListedRight(GuardedState state, TokenMask mask)
    {
        _listed.Clear();
        for (int i = 0; i < state.ListedCount; i++)
        {
            if (FindEnd(state.ListedPath(i), state, mask, out RecognizerState? behind) is var node and not TokenTrie.None)
            {
                _listed.Add((node, behind));
            }
        }
    }

    private void WalkBehindListed(TokenMask mask, List<int> exits)
    {
        foreach ((int node, RecognizerState? behind) in _listed)
        {
            if (behind is not null)
            {
                WalkThread(node, behind, Surroundings, mask, exits);
            }
        }
    }

    private bool IsListed(int node)
    {
        foreach ((int listed, _) in _listed)
        {
            if (listed == node)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The node that a listed word's path leads to, with the state behind; <see cref="TokenTrie.None"/> when no token gets there. Sets the tokens on the way right.</summary>
    private int FindEnd(ReadOnlySpan<byte> path, GuardedState state, TokenMask mask, out RecognizerState? behind)
    {
        behind = null;
        WordCursor cursor = state.Cursor;
        int node = TokenTrie.Root;
        foreach (byte value in path)
        {
            node = _trie.Child(node, value);
            if (node == TokenTrie.None)
            {
                return node;
            }

            bool isLegal = state.IsEnd(cursor, value) ? (behind = state.EndOf(path)) is not null : state.TryMove(ref cursor, value);
            if (TokenTrie.TokenOf(_trie.Nodes[node]) is var token and >= 0)
            {
                Set(mask, token, isLegal);
            }
        }

        return node;
    }

    private static void Set(TokenMask mask, int token, bool isLegal)
    {
        if (isLegal)
        {
            mask.Add(token);
        }
        else
        {
            mask.Remove(token);
        }
    }

    /// <summary>Walks the nodes below <paramref name="top"/> inside a word, and with threads where it ends.</summary>
    private void WalkWord(int top, GuardedState state, RuleStack stack, TokenMask mask, List<int>? exits)
    {
        ReadOnlySpan<ulong> nodes = _trie.Nodes;
        (int index, int end) = _trie.Below(top);
        int bottom = _cursors.Count;
        int wordStart = _word.Count;
        (int SubtreeEnd, WordCursor Cursor) here = (end, state.Cursor);
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
            if (state.IsEnd(next, value))
            {
                EndWord(index, state, next, wordStart, value, stack, mask, exits);
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

    private void EndWord(int node, GuardedState state, WordCursor cursor, int wordStart, byte value, RuleStack stack, TokenMask mask, List<int>? exits)
    {
        if (state.End(cursor, CollectionsMarshal.AsSpan(_word)[wordStart..], value) is not { } next)
        {
            return;
        }

        if (TokenTrie.TokenOf(_trie.Nodes[node]) is var token and >= 0)
        {
            mask.Add(token);
        }

        if (exits is not null && next.IsAccepting && stack.CanEnd && TokenTrie.SizeOf(_trie.Nodes[node]) > 1)
        {
            exits.Add(node);
        }

        if (cursor.Companion is null)
        {
            WalkThread(node, next, stack, mask, exits);
        }
        else
        {
            WalkLikely(node, next, state, [.. CollectionsMarshal.AsSpan(_word)[wordStart..], value], stack, mask, exits);
        }
    }

    /// <summary>Walks behind a word that another one stands for; and once more behind the word itself if a token goes on so far that it matters which one it was.</summary>
    private void WalkLikely(int top, RecognizerState likely, GuardedState word, ReadOnlySpan<byte> path, RuleStack stack, TokenMask mask, List<int>? exits)
    {
        if (!_trie.HasBelow(top, word.Telling))
        {
            WalkThread(top, likely, stack, mask, exits);
            return;
        }

        TokenMask found = _part.Spare.Rent();
        int sure = exits?.Count ?? 0;
        WalkThread(top, likely, stack, found, exits);
        if ((exits?.Count ?? 0) > sure || HasTelling(top, word.Telling, found))
        {
            exits?.RemoveRange(sure, exits.Count - sure);
            found.Clear();
            if (word.EndOf(path.IsEmpty ? _trie.PathTo(top) : path) is { } next)
            {
                WalkThread(top, next, stack, found, exits);
            }
        }

        mask.UnionWith(found);
        _part.Spare.Return(found);
    }

    /// <summary>Whether a token of a mask has one of the bytes below a node.</summary>
    private bool HasTelling(int top, ByteSet bytes, TokenMask mask)
    {
        (int index, int end) = _trie.Below(top);
        while (index < end)
        {
            ulong node = _trie.Nodes[index];
            int last = index + TokenTrie.SizeOf(node);
            if (!bytes.Contains(TokenTrie.ByteOf(node)))
            {
                index++;
                continue;
            }

            for (; index < last; index++)
            {
                if (TokenTrie.TokenOf(_trie.Nodes[index]) is var token and >= 0 && mask[token])
                {
                    return true;
                }
            }
        }

        return false;
    }

    private void WalkThread(int top, RecognizerState state, RuleStack stack, TokenMask mask, List<int>? exits)
    {
        int first = _threads.Count;
        _threads.Add(new RecognizerThread(state, stack));
        WalkBelow(top, first, mask, exits);
        _threads.Clear(first);
    }
}
