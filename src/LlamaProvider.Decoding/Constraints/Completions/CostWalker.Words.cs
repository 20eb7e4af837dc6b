using System.Runtime.InteropServices;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Lengths;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Constraints.Completions;

/// <content>Inside words whose meaning depends on all of them.</content>
internal sealed partial class CostWalker
{
    /// <summary>As <see cref="WalkRule"/> inside a word, put together from what its classes cost.</summary>
    /// <param name="state">Where in the word; <see cref="GuardedState.IsClassified"/>.</param>
    /// <param name="unlisted">For each class of words that are not listed what it costs to end one, and the state behind.</param>
    public TokenCosts WalkClasses(GuardedState state, IReadOnlyList<(TokenCosts Costs, RecognizerState Behind)> unlisted)
    {
        Begin();
        Word word = WordOf(state, RuleStack.Bottom, ofRule: true);
        foreach ((TokenCosts costs, RecognizerState behind) in unlisted)
        {
            _levels.Add(costs, ThreadCosts.Sum(Threads.Of(behind), word.Spare));
        }

        Dictionary<int, RecognizerState?> ends = SetRight(word);
        foreach ((TokenCosts costs, RecognizerState behind) in unlisted)
        {
            EnterBehind(word, costs.Exits, behind, ends);
        }

        EnterBehindListed(ends);
        return Result();
    }

    private void EnterBehindListed(Dictionary<int, RecognizerState?> ends)
    {
        foreach ((int node, RecognizerState? next) in ends)
        {
            if (next is not null)
            {
                Enter(node, new RecognizerThread(next, RuleStack.Bottom), ofRule: true);
            }
        }
    }

    /// <summary>Walks on where words of a class end: behind any of them, or where there may be no other to make up for one that comes later, behind each.</summary>
    private void EnterBehind(Word word, ReadOnlySpan<int> exits, RecognizerState behind, Dictionary<int, RecognizerState?> listed)
    {
        bool isAny = word.Spare < Completion.Unwritable;
        foreach (int exit in exits)
        {
            if (!listed.ContainsKey(exit) && (isAny ? behind : word.State.EndOf(_trie.PathTo(exit))) is { } next)
            {
                _reserved = isAny ? word.Spare : 0;
                Enter(exit, new RecognizerThread(next, RuleStack.Bottom), ofRule: true);
                _reserved = 0;
            }
        }
    }

    /// <summary>Gives the tokens on the way to listed words' ends what they cost themselves.</summary>
    /// <returns>The nodes at which listed words end, with the states behind.</returns>
    private Dictionary<int, RecognizerState?> SetRight(Word word)
    {
        foreach (ListedWord listed in ListedOf(word))
        {
            Forget(listed.Path.Text);
        }

        var ends = new Dictionary<int, RecognizerState?>();
        foreach (ListedWord listed in ListedOf(word))
        {
            Record(word, listed, ends);
        }

        return ends;
    }

    private void Forget(ReadOnlySpan<byte> path)
    {
        int node = TokenTrie.Root;
        for (int i = 0; i < path.Length && (node = _trie.Child(node, path[i])) != TokenTrie.None; i++)
        {
            if (TokenTrie.TokenOf(_trie.Nodes[node]) is var token and >= 0)
            {
                _levels.Remove(token);
            }
        }
    }

    private void Record(Word word, ListedWord listed, Dictionary<int, RecognizerState?> ends)
    {
        WordCursor cursor = word.State.Cursor;
        ReadOnlySpan<byte> path = listed.Path.Text;
        int node = TokenTrie.Root;
        for (int i = 0; i < path.Length && (node = _trie.Child(node, path[i])) != TokenTrie.None; i++)
        {
            if (word.State.IsEnd(cursor, path[i]))
            {
                ends[node] = listed.Behind;
                Record(node, listed.CostBehind);
            }
            else if (!word.State.TryMove(ref cursor, path[i]))
            {
                return;
            }
            else if (TokenTrie.TokenOf(_trie.Nodes[node]) >= 0)
            {
                Record(node, CostOnTheWay(word, cursor, ThreadCosts.Sum(listed.Path.TokensAfter(i + 1), listed.CostBehind)));
            }
        }
    }

    /// <summary>What it costs to end the word where a listed one is begun. Where an automaton reads along, what is found from there is not the fewest tokens of all words.</summary>
    private int CostOnTheWay(Word word, WordCursor cursor, int costOfListed) =>
        cursor.Companion is not null ? CostInside(word, cursor)
        : cursor.Unlisted is null ? costOfListed
        : Math.Min(costOfListed, CostInside(word, cursor));

    private Word WordOf(GuardedState state, RuleStack stack, bool ofRule) => new(state, stack, _word.Count, ofRule, _rules.Words.SpareOf(state));

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
            return CostOfListed(word, cursor);
        }

        int taken = cursor.High - cursor.Low + cursor.UsedHigh - cursor.UsedLow;
        if (!word.Costs.TryGetValue((unlisted, cursor.Classes, taken), out int cost))
        {
            cost = ThreadCosts.Sum(CostOfUnlisted(word, cursor, unlisted, taken, text), word.Spare);
            word.Costs.Add((unlisted, cursor.Classes, taken), cost);
        }

        return cost;
    }

    private int CostOfListed(Word word, WordCursor cursor)
    {
        WordCursor start = word.State.Cursor;
        ListedWord[] listed = ListedOf(word);
        int fewest = Completion.Unwritable;
        for (int i = cursor.Low; i < cursor.High; i++)
        {
            ListedWord one = listed[i - start.Low];
            fewest = Math.Min(fewest, ThreadCosts.Sum(one.Path.TokensAfter(cursor.Depth - start.Depth), one.CostBehind));
        }

        return fewest;
    }

    private ListedWord[] ListedOf(Word word)
    {
        if (word.Listed is not { } known)
        {
            word.Listed = known = new ListedWord[word.State.ListedCount];
            for (int i = 0; i < known.Length; i++)
            {
                byte[] path = word.State.ListedPath(i).ToArray();
                RecognizerState? behind = word.State.KeptEndOf(path);
                int cost = behind is null ? Completion.Unwritable : Threads.Of(new RecognizerThread(behind, word.Stack));
                known[i] = new ListedWord(Completion.Of(path, _trie), behind, cost);
            }
        }

        return known;
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

        /// <summary>The listed words that may still be meant, in the order of <see cref="GuardedState.ListedPath"/>, once they were looked at.</summary>
        public ListedWord[]? Listed { get; set; }
    }

    /// <summary>A listed word.</summary>
    /// <param name="Path">What is missing from it.</param>
    /// <param name="Behind">The state behind it; <see langword="null"/> when it may not come here.</param>
    /// <param name="CostBehind">What it costs from there.</param>
    private sealed record ListedWord(Completion Path, RecognizerState? Behind, int CostBehind);
}
