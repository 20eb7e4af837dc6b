using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Intersections;
using LlamaProvider.Decoding.Constraints.Lengths;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Constraints.Completions;

/// <summary>For each state of a grammar a text with which its rule ends, the shortest in bytes but for names.</summary>
/// <remarks>
/// <para>
/// Naive: Dijkstra over configurations, each a state with a stack; stacks are without end. But how a rule ends does not depend on what surrounds it, so the distance of a state to its rule's
/// end is a number of the state alone, and a called rule is an edge as long as its own distance. That is the lightest derivation of Knuth (1977, "A generalization of Dijkstra's
/// algorithm"), here asked for one state at a time: items are (the state a search began at, a state of the same rule), a call begins a search of its own at distance 0 and waits for
/// it, and items leave the queue by their distance, so the first one that ends is the shortest.
/// </para>
/// <para>
/// Every state on a shortest way has its own: they are remembered, and later searches end where they meet them. So an answer that follows a completion searches nothing.
/// </para>
/// <para>
/// Where an automaton reads along, as phrases do, the same states of the grammar are met with each of the automaton's, and a search that only knows how far it has come looks at all of them. But it takes
/// no fewer bytes than the grammar's rule takes by itself, nor than the automaton does (<see cref="LeastBytes"/>). With the larger of these as an estimate the queue is that of A* (Hart, Nilsson and
/// Raphael 1968; for derivations Felzenszwalb and McAllester 2007): ways that cannot be the shortest are not looked at.
/// </para>
/// <para>
/// <b>Names.</b> The states inside an object's name are as many as names. A word is therefore one edge: each listed one, and of the others one that may come here. Where
/// phrases are looked for in names, those that are not listed are told apart only by what the phrases say (<see cref="RecognizerState.Representative"/>); a text with several of them may
/// then repeat one, which is found out when it is followed.
/// </para>
/// <para>Used under the grammar's lock.</para>
/// </remarks>
/// <param name="trie">The tokens that write the texts.</param>
internal sealed class RuleCompletions(TokenTrie trie)
{
    /// <summary>The most states that one search looks at; beyond it nothing is known.</summary>
    public const int Limit = 20_000;

    /// <summary>Searches for an estimate that found nothing, after which none is begun: where a grammar's texts are that long, they would take more than they save.</summary>
    private const int MostInVain = 4;

    private readonly Dictionary<RecognizerState, Way> _ways = [];
    private readonly Dictionary<RecognizerState, Completion?> _completions = [];

    /// <summary>Words of few tokens.</summary>
    public ShortWords Words => field ??= new ShortWords(trie, language => Of(language)?.Text.ToArray());

    private readonly LeastBytes _automata = new();
    private int _inVain;

    /// <summary>How the rule of a state ends; <see langword="null"/> when that is not known.</summary>
    public Completion? Of(RecognizerState state)
    {
        state = Plain(state);
        if (state.IsAccepting)
        {
            return Completion.Empty;
        }

        if (!_completions.TryGetValue(state, out Completion? completion))
        {
            completion = state is GuardedState word and not IntersectionWord ? OfWord(word)
                : _ways.ContainsKey(state) || new Search(this, state).Run() ? Completion.Of(TextFrom(state), trie) : null;
            _completions.Add(state, completion);
        }

        return completion;
    }

    /// <summary>Of the words that may come the one with the fewest tokens to the rule's end, so that a token which leads into a word costs no less than what is found there.</summary>
    private Completion? OfWord(GuardedState word)
    {
        (byte[] Path, Completion After)? best = null;
        int fewest = Completion.Unwritable;
        foreach ((byte[] path, RecognizerState next) in WordPaths.Find(word, Words))
        {
            if (Of(next) is { } rest && Completion.Of(path, trie).Tokens + rest.Tokens is var tokens && tokens < fewest)
            {
                best = (path, rest);
                fewest = tokens;
            }
        }

        return best is null ? null : Completion.Of([.. best.Value.Path, .. best.Value.After.Text], trie);
    }

    private static RecognizerState Plain(RecognizerState state) => (state is IIntersected ? state.Representative : state).Unpadded;

    private byte[] TextFrom(RecognizerState start)
    {
        var text = new List<byte>();
        var open = new Stack<RecognizerState>([start]);
        while (open.TryPop(out RecognizerState? state))
        {
            if (state.IsAccepting)
            {
                continue;
            }

            Way way = _ways[state];
            text.AddRange(way.Text);
            if (way.Next is not null)
            {
                open.Push(way.Next);
            }

            if (way.Callee is not null)
            {
                open.Push(way.Callee);
            }
        }

        return [.. text];
    }

    /// <summary>Bytes that it takes at least to a rule's end.</summary>
    private int Estimate(RecognizerState state) =>
        state is IIntersected joint ? Math.Max(_automata.Between(joint.Automaton, joint.AutomatonAtEnd), joint.State is GuardedState ? 0 : EstimateAlone(Plain(joint.State))) : 0;

    private int EstimateAlone(RecognizerState state)
    {
        if (DistanceOf(state) is int known)
        {
            return known;
        }

        if (_inVain == MostInVain)
        {
            return 0;
        }

        bool isFound = new Search(this, state).Run();
        _inVain += isFound ? 0 : 1;
        return isFound ? _ways[state].Distance : 0;
    }

    private int? DistanceOf(RecognizerState state) => state.IsAccepting ? 0 : _ways.TryGetValue(state, out Way way) ? way.Distance : null;

    /// <param name="Distance">Bytes to the rule's end.</param>
    /// <param name="Text">The next bytes, if they are the rule's own.</param>
    /// <param name="Callee">The rule that is called otherwise.</param>
    /// <param name="Next">Where the rule goes on; <see langword="null"/> when it ends with the called one.</param>
    private readonly record struct Way(int Distance, byte[] Text, RecognizerState? Callee, RecognizerState? Next);

    /// <summary>A state that a search has come to, and how; where it is missing, the rule is over. The whole way takes <paramref name="Least"/> bytes at least.</summary>
    private sealed record Item(Entry Entry, RecognizerState? State, int Distance, int Least, Item? Before, byte[] Text, RecognizerState? Callee);

    /// <summary>Where a search began.</summary>
    private sealed class Entry(RecognizerState state)
    {
        public RecognizerState State { get; } = state;

        public Dictionary<RecognizerState, int> Distances { get; } = [];

        public List<(Item Caller, RecognizerState? Return)> Waiting { get; } = [];
    }

    private sealed class Search(RuleCompletions known, RecognizerState target)
    {
        private readonly Dictionary<RecognizerState, Entry> _entries = [];
        private readonly PriorityQueue<Item, (int Least, int Order)> _queue = new();
        private readonly List<(byte Value, RecognizerState Next)> _steps = [];
        private int _order;
        private int _looked;

        public bool Run()
        {
            Begin(target);
            while (_looked < Limit && !known._ways.ContainsKey(target) && _queue.TryDequeue(out Item? item, out _))
            {
                Look(item);
            }

            return known._ways.ContainsKey(target);
        }

        private Entry Begin(RecognizerState state)
        {
            var entry = new Entry(state);
            _entries.Add(state, entry);
            Reach(entry, state, 0, before: null, [], callee: null);
            return entry;
        }

        private void Look(Item item)
        {
            if (known.DistanceOf(item.Entry.State) is not null)
            {
                return;
            }

            if (item.State is null)
            {
                Settle(item);
            }
            else if (known.DistanceOf(item.State) is int rest)
            {
                Enqueue(new Item(item.Entry, null, item.Distance + rest, Math.Max(item.Least, item.Distance + rest), item, [], null));
            }
            else if (item.Entry.Distances[item.State] == item.Distance)
            {
                _looked++;
                Expand(item);
            }
        }

        private void Expand(Item item)
        {
            if (item.State is GuardedState word and not IntersectionWord)
            {
                foreach ((byte[] path, RecognizerState next) in WordPaths.Find(word, known.Words))
                {
                    Reach(item.Entry, next, item.Distance + path.Length, item, path, callee: null);
                }

                return;
            }

            ExpandBytes(item, item.State!);
            foreach (StateCall call in item.State!.Calls)
            {
                RecognizerState callee = Plain(call.Callee);
                if (known.DistanceOf(callee) is int distance)
                {
                    Return(item, callee, distance, call.Return);
                }
                else
                {
                    Entry entry = _entries.TryGetValue(callee, out Entry? begun) ? begun : Begin(callee);
                    entry.Waiting.Add((item, call.Return));
                }
            }
        }

        /// <summary>Where a byte ends the rule, no other can be shorter.</summary>
        private void ExpandBytes(Item item, RecognizerState state)
        {
            _steps.Clear();
            foreach (byte value in ByteOrder.Sort(state.BytesToTry & ~state.Padding, stackalloc byte[256]))
            {
                if (state.Step(value) is not { } next)
                {
                    continue;
                }

                if (next.IsAccepting)
                {
                    Reach(item.Entry, next, item.Distance + 1, item, [value], callee: null);
                    return;
                }

                if (!ReferenceEquals(next, state) && (_steps.Count == 0 || !ReferenceEquals(next, _steps[^1].Next)))
                {
                    _steps.Add((value, next));
                }
            }

            foreach ((byte value, RecognizerState next) in _steps)
            {
                Reach(item.Entry, next, item.Distance + 1, item, [value], callee: null);
            }
        }

        private void Return(Item caller, RecognizerState callee, int distance, RecognizerState? @return)
        {
            distance += caller.Distance;
            if (@return is null)
            {
                Enqueue(new Item(caller.Entry, null, distance, Math.Max(caller.Least, distance), caller, [], callee));
            }
            else
            {
                Reach(caller.Entry, @return, distance, caller, [], callee);
            }
        }

        private void Reach(Entry entry, RecognizerState state, int distance, Item? before, byte[] text, RecognizerState? callee)
        {
            state = Plain(state);
            if (entry.Distances.TryGetValue(state, out int shortest) && shortest <= distance)
            {
                return;
            }

            entry.Distances[state] = distance;
            Enqueue(new Item(entry, state, distance, Math.Max(before?.Least ?? 0, distance + known.Estimate(state)), before, text, callee));
        }

        // Of equal distances the earlier goes first, so that states which mean the same end with the same text, and not with one of as many bytes and more tokens.
        private void Enqueue(Item item) => _queue.Enqueue(item, (item.Least, _order++));

        /// <summary>Remembers the way that ended, and wakes who called.</summary>
        private void Settle(Item end)
        {
            for (Item item = end; item.Before is { } before; item = before)
            {
                // An item that only says that the rest is known leads nowhere.
                if (item.State is not null || item.Text.Length > 0 || item.Callee is not null)
                {
                    known._ways.TryAdd(before.State!, new Way(end.Distance - before.Distance, item.Text, item.Callee, item.State));
                }
            }

            foreach ((Item caller, RecognizerState? @return) in end.Entry.Waiting)
            {
                Return(caller, end.Entry.State, end.Distance, @return);
            }
        }
    }
}
