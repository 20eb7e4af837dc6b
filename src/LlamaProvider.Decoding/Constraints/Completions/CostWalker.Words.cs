using System.Runtime.InteropServices;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Lengths;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Constraints.Completions;

/// <content>Inside words whose meaning depends on all of them.</content>
internal sealed partial class CostWalker
{
    /// <summary>As <see cref="WalkRule"/> inside a name, where those that are not listed all mean the same.</summary>
    /// <param name="state">Where in the name.</param>
    /// <param name="unlisted">What it costs to end a name that is not listed.</param>
    public TokenCosts WalkNames(GuardedState state, TokenCosts unlisted)
    {
        Begin();
        var word = new Word(state, RuleStack.Bottom, Start: 0, OfRule: true, _rules.Words.SpareOf(state));
        RecognizerState? behind = word.Spare < Completion.Unwritable ? state.EndOfUnlisted([]) : null;
        if (behind is not null)
        {
            _levels.Add(unlisted, ThreadCosts.Sum(Threads.Of(behind), word.Spare));
        }

        var listed = new Dictionary<int, RecognizerState?>();
        foreach (ReadOnlyMemory<byte> path in state.ListedPaths())
        {
            SetRight(word, path.Span, listed);
        }

        foreach (int exit in unlisted.Exits)
        {
            if (behind is not null && !listed.ContainsKey(exit))
            {
                _reserved = word.Spare;
                Enter(exit, new RecognizerThread(behind, RuleStack.Bottom), ofRule: true);
                _reserved = 0;
            }
        }

        foreach ((int node, RecognizerState? next) in listed)
        {
            if (next is not null)
            {
                Enter(node, new RecognizerThread(next, RuleStack.Bottom), ofRule: true);
            }
        }

        return Result();
    }

    /// <summary>Gives the tokens on the way to a listed word's end what they cost themselves.</summary>
    private void SetRight(Word word, ReadOnlySpan<byte> path, Dictionary<int, RecognizerState?> listed)
    {
        RecognizerState? behind = word.State.EndOf(path);
        int costBehind = behind is null ? Completion.Unwritable : Threads.Of(behind);
        WordCursor cursor = word.State.Cursor;
        int node = TokenTrie.Root;
        for (int i = 0; i < path.Length; i++)
        {
            node = _trie.Child(node, path[i]);
            if (node == TokenTrie.None)
            {
                break;
            }

            if (TokenTrie.TokenOf(_trie.Nodes[node]) is var token and >= 0)
            {
                _levels.Remove(token);
            }

            if (word.State.IsEnd(cursor, path[i]))
            {
                listed[node] = behind;
                Record(node, costBehind);
            }
            else if (word.State.TryMove(ref cursor, path[i]))
            {
                _word.Add(path[i]);
                int ownRest = Completion.Of(path[(i + 1)..].ToArray(), _trie).Tokens;
                Record(node, Math.Min(CostInside(word, cursor), ThreadCosts.Sum(ownRest, costBehind)));
            }
            else
            {
                break;
            }
        }

        _word.Clear();
    }

    private void WalkWord(int index, int end, Word word, WordCursor cursor)
    {
        for (; index < end; index += TokenTrie.SizeOf(_trie.Nodes[index]))
        {
            byte value = TokenTrie.ByteOf(_trie.Nodes[index]);
            WordCursor next = cursor;
            if (word.State.IsEnd(cursor, value))
            {
                bool isAny = cursor.Low >= cursor.High && (word.State.IsUniform || cursor.Companion is not null);
                if ((!isAny || word.Spare < Completion.Unwritable) && Behind(word, cursor, value, isAny) is { } state)
                {
                    int first = _threads.Count;
                    _threads.Add(new RecognizerThread(state, word.Stack));
                    _reserved += isAny ? word.Spare : 0;
                    Meet(index, first, word.OfRule);
                    _reserved -= isAny ? word.Spare : 0;
                    _threads.Clear(first);
                }
            }
            else if (word.State.TryMove(ref next, value))
            {
                _word.Add(value);
                Record(index, CostInside(word, next));
                WalkWord(index + 1, index + TokenTrie.SizeOf(_trie.Nodes[index]), word, next);
                _word.RemoveAt(_word.Count - 1);
            }
        }
    }

    /// <summary>The state behind a word, or behind any that means the same.</summary>
    private RecognizerState? Behind(Word word, WordCursor cursor, byte value, bool isAny) =>
        isAny && cursor.Companion is null
            ? (cursor.Unlisted?.Step(value) is null ? null : word.State.EndOfUnlisted([]))
            : word.State.End(cursor, CollectionsMarshal.AsSpan(_word)[word.Start..], value);

    private int CostInside(Word word, WordCursor cursor)
    {
        ReadOnlySpan<byte> text = CollectionsMarshal.AsSpan(_word)[word.Start..];
        if (cursor.Companion is not null)
        {
            return word.State.At(cursor) is { } place ? ThreadCosts.Sum(word.Spare, Threads.Of(new RecognizerThread(place, word.Stack))) : Completion.Unwritable;
        }

        if (cursor.Unlisted is not { } unlisted)
        {
            RecognizerState? state = word.State;
            foreach (byte value in text)
            {
                state = state?.Step(value);
            }

            return state is null ? Completion.Unwritable : Threads.Of(new RecognizerThread(state, word.Stack));
        }

        int taken = cursor.High - cursor.Low + cursor.UsedHigh - cursor.UsedLow;
        if (!word.Costs.TryGetValue((unlisted, cursor.Classes, taken), out int cost))
        {
            cost = ThreadCosts.Sum(CostOfUnlisted(word, cursor, unlisted, taken, text), word.Spare);
            word.Costs.Add((unlisted, cursor.Classes, taken), cost);
        }

        return cost;
    }

    /// <param name="word">The word.</param>
    /// <param name="cursor">Where in it.</param>
    /// <param name="unlisted">Where words that are not listed go on.</param>
    /// <param name="taken">How many words begin like this and are listed or taken.</param>
    /// <param name="text">The word's bytes so far.</param>
    private int CostOfUnlisted(Word word, WordCursor cursor, LexemeState unlisted, int taken, ReadOnlySpan<byte> text)
    {
        if (cursor.Classes is null)
        {
            return _rules.Of(unlisted) is { } rest && word.State.EndOfUnlisted(word.State.IsUniform ? [] : [.. text, .. rest.Text]) is { } behind
                ? CostThrough(word, unlisted, taken, behind)
                : Completion.Unwritable;
        }

        int fewest = Completion.Unwritable;
        foreach ((LexemeState words, RecognizerState next) in word.State.UnlistedClasses(cursor))
        {
            fewest = Math.Min(fewest, CostThrough(word, words, taken, next));
        }

        return fewest;
    }

    private int CostThrough(Word word, LexemeState words, int taken, RecognizerState behind) =>
        ThreadCosts.Sum(taken == 0 ? Threads.Of(words) : _rules.Words.TokensOf(words, taken), Threads.Of(new RecognizerThread(behind, word.Stack)));

    /// <summary>A word that is walked.</summary>
    /// <param name="State">Where the walk entered it.</param>
    /// <param name="Stack">What is open around it.</param>
    /// <param name="Start">Where its bytes begin.</param>
    /// <param name="OfRule">Whether the walk is one of a rule.</param>
    /// <param name="Spare">The tokens that a completion may take more where a word stands for others.</param>
    private sealed record Word(GuardedState State, RuleStack Stack, int Start, bool OfRule, int Spare)
    {
        /// <summary>What it costs from where unlisted words are inside it.</summary>
        public Dictionary<(LexemeState Unlisted, LexemeTuple? Classes, int Taken), int> Costs { get; } = [];
    }
}
