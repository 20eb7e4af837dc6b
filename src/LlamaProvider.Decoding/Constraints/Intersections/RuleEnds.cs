using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.Intersections;

/// <summary>
/// The summary relation of a grammar and an automaton: in which states the automaton may be when a rule that is at some state, with the automaton at another, is over.
/// </summary>
/// <remarks>
/// <para>
/// The least sets with: a rule that may end here ends where the automaton is; what a byte leads to ends where that ends; and behind a rule that begins here, for each way in which
/// that ends, where the rest ends. This is the saturation of pushdown systems (Bouajjani, Esparza and Maler 1997; Reps, Horwitz and Sagiv 1995 for programs). Sets grow one
/// state at a time, and each growth is passed on once, so the work is the number of pairs of states times the ways in which rules end.
/// </para>
/// <para>
/// <b>Names.</b> The states of an object remember the names of all its members, which are too many to follow. A listed name is followed as it is, all others as one language
/// (<see cref="GuardedState.EndOfUnlisted"/>), and states that differ only in such names are one (<see cref="RecognizerState.Representative"/>). That there is another
/// such name is taken for granted.
/// </para>
/// <para>Pairs are made where texts or rules lead to them, and stay. One thread at a time.</para>
/// </remarks>
/// <param name="limit">The most pairs of states.</param>
/// <param name="work">The work that it belongs to, when somebody may call that off.</param>
internal sealed class RuleEnds(int limit, ConstraintWork? work = null)
{
    private readonly Dictionary<(RecognizerState, LexemeState), Pair> _pairs = [];
    private readonly Queue<Pair> _unexpanded = [];
    private readonly Queue<(Pair Pair, LexemeState End)> _growth = [];

    /// <summary>Where the automaton may be when the rule is over.</summary>
    public IReadOnlyCollection<LexemeState> Of(RecognizerState state, LexemeState automaton) => Settle(state, automaton).All;

    /// <summary>Where it may be when the rule is over after at least a byte.</summary>
    public IReadOnlyCollection<LexemeState> OfNonEmpty(RecognizerState state, LexemeState automaton) => Settle(state, automaton).NonEmpty;

    private Pair Settle(RecognizerState state, LexemeState automaton)
    {
        Pair pair = PairOf(state, automaton);
        while (true)
        {
            work?.Check();
            if (_growth.TryDequeue(out (Pair Pair, LexemeState End) growth))
            {
                // A rule that calls itself adds uses meanwhile. Those are told of all ends when they are added.
                List<Use> uses = growth.Pair.Uses;
                for (int i = 0, count = uses.Count; i < count; i++)
                {
                    Pass(uses[i], growth.End);
                }
            }
            else if (_unexpanded.TryDequeue(out Pair? next))
            {
                Expand(next);
            }
            else
            {
                return pair;
            }
        }
    }

    private Pair PairOf(RecognizerState state, LexemeState automaton)
    {
        state = state.Representative;
        if (!_pairs.TryGetValue((state, automaton), out Pair? pair))
        {
            if (_pairs.Count == limit)
            {
                throw new ConstraintTooComplexException(
                    $"The grammar and the phrases together have more than {limit:N0} states. Require or forbid fewer or shorter phrases, or raise ConstraintLimits.Intersections.");
            }

            work?.Grow();
            pair = new Pair(state, automaton);
            _pairs.Add((state, automaton), pair);
            _unexpanded.Enqueue(pair);
        }

        return pair;
    }

    private void Expand(Pair pair)
    {
        if (pair.State is GuardedState { IsClassified: true } guarded)
        {
            ExpandWord(pair, guarded);
            return;
        }

        for (int value = 0; value < 256; value++)
        {
            if (pair.Automaton.Step((byte)value) is { } automaton && pair.State.Step((byte)value) is { } state)
            {
                Follow(pair, state, automaton);
            }
        }

        foreach (StateCall call in pair.State.Calls)
        {
            Call(pair, call.Callee, call.Return);
        }
    }

    private void ExpandWord(Pair pair, GuardedState guarded)
    {
        foreach ((LexemeState words, RecognizerState next) in guarded.UnlistedClasses(guarded.Cursor))
        {
            Call(pair, words, next);
        }

        for (int i = 0; i < guarded.ListedCount; i++)
        {
            ReadOnlySpan<byte> path = guarded.ListedPath(i);
            if (pair.Automaton.Step(path) is { } automaton && guarded.EndOf(path) is { } state)
            {
                Follow(pair, state, automaton);
            }
        }
    }

    /// <summary>The user ends wherever the target does.</summary>
    private void Follow(Pair user, RecognizerState state, LexemeState automaton)
    {
        Pair target = PairOf(state, automaton);
        var use = new Use(user, null, IsCall: false);
        if (target.Followers.Add(user))
        {
            target.Uses.Add(use);
            foreach (LexemeState end in target.All.ToArray())
            {
                Pass(use, end);
            }
        }
    }

    private void Call(Pair user, RecognizerState callee, RecognizerState? @return)
    {
        Pair target = PairOf(callee, user.Automaton);
        var use = new Use(user, @return, IsCall: true);
        target.Uses.Add(use);
        foreach (LexemeState end in target.NonEmpty.ToArray())
        {
            Pass(use, end);
        }
    }

    private void Pass(Use use, LexemeState end)
    {
        if (use.IsCall && use.Return is not null)
        {
            Follow(use.User, use.Return, end);
        }
        else if (use.User.NonEmpty.Add(end))
        {
            use.User.All.Add(end);
            _growth.Enqueue((use.User, end));
        }
    }

    /// <param name="User">Whose ends these are too.</param>
    /// <param name="Return">Where a caller goes on first; <see langword="null"/> when nowhere.</param>
    /// <param name="IsCall">Whether the user needs ends after at least a byte.</param>
    private readonly record struct Use(Pair User, RecognizerState? Return, bool IsCall);

    private sealed class Pair
    {
        public Pair(RecognizerState state, LexemeState automaton)
        {
            State = state;
            Automaton = automaton;
            if (state.IsAccepting)
            {
                All.Add(automaton);
            }
        }

        public RecognizerState State { get; }

        public LexemeState Automaton { get; }

        public HashSet<LexemeState> NonEmpty { get; } = [];

        public HashSet<LexemeState> All { get; } = [];

        public HashSet<Pair> Followers { get; } = [];

        public List<Use> Uses { get; } = [];
    }
}
