using LlamaProvider.Decoding.Constraints.Intersections;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.Completions;

/// <content>One search.</content>
internal sealed partial class RuleCompletions
{
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
                Enqueue(item.Entry, null, item.Distance + rest, item, [], callee: null);
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
                Enqueue(caller.Entry, null, distance, caller, [], callee);
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
            Enqueue(entry, state, distance, before, text, callee);
        }

        // Of equal distances the earlier goes first, so that states which mean the same end with the same text, and not with one of as many bytes and more tokens.
        private void Enqueue(Entry entry, RecognizerState? state, int distance, Item? before, byte[] text, RecognizerState? callee)
        {
            // The whole way takes no less than was known on the way to here.
            int least = Math.Max(before?.Least ?? 0, distance + (state is null ? 0 : known.Estimate(state)));
            _queue.Enqueue(new Item(entry, state, distance, least, before, text, callee), (least, _order++));
        }

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
