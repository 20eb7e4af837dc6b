using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.Intersections;

/// <summary>The texts of a grammar that an automaton accepts, as a grammar.</summary>
/// <remarks>
/// <para>
/// Naive: intersect the two masks. Both promise that some text goes on, but not that it is the same one: a required phrase that fits only into a string that is closed
/// already leaves no way to end, and the masks show it when it is too late.
/// </para>
/// <para>
/// The intersection of a pushdown system with a finite automaton is a pushdown system (Bar-Hillel, Perles and Shamir 1961). Its states here are triples (s, q, r): the rule is at s, the
/// automaton at q, and when the rule ends the automaton is to be at r. At a rule that begins at s, each r' that <see cref="RuleEnds"/> has for it is one way: the rule goes from q
/// to r', and what follows it from r' to r. A triple is made only if r is among the ends of (s, q), so every state is live and the promise of
/// <see cref="ITokenConstraint"/> holds to the letter.
/// </para>
/// <para>
/// <b>Names</b> of objects are followed as grammars follow them, see <see cref="IntersectionWord"/>.
/// </para>
/// <para>
/// Nothing else is new: the triples are <see cref="RecognizerState"/>s, so stacks, masks and caches are those of every grammar. The price are as many threads as ways in which
/// a rule may end, for phrases the sets of those that may be said in it.
/// </para>
/// </remarks>
/// <param name="limit">The most pairs of states.</param>
/// <param name="work">The work that it belongs to, when somebody may call that off.</param>
internal sealed class IntersectionGrammar(int limit, ConstraintWork? work = null)
{
    private readonly RuleEnds _ends = new(limit, work);
    private readonly Dictionary<(RecognizerState, LexemeState, LexemeState?), RecognizerState> _states = [];

    /// <summary>Intersects; <see langword="null"/> when there is no common text.</summary>
    public static CompiledGrammar? Intersect(CompiledGrammar grammar, LexemeState automaton, int limit, ConstraintWork? work = null)
    {
        // The grammar's states are shared with its other users, who are kept out by its lock.
        lock (grammar.Lock)
        {
            return new IntersectionGrammar(limit, work).StateOf(grammar.Start, automaton, end: null) is { } start
                ? new CompiledGrammar(start, grammar.Vocabulary, grammar.Lock)
                : null;
        }
    }

    /// <summary>The state of a triple; <see langword="null"/> when no text leads to its end.</summary>
    /// <param name="state">Where the rule is.</param>
    /// <param name="automaton">Where the automaton is.</param>
    /// <param name="end">Where the automaton is to be when the rule ends; <see langword="null"/> for any state that accepts.</param>
    internal RecognizerState? StateOf(RecognizerState state, LexemeState automaton, LexemeState? end)
    {
        if (_states.TryGetValue((state, automaton, end), out RecognizerState? known))
        {
            return known;
        }

        if (!IsAmong(end, _ends.Of(state, automaton)))
        {
            return null;
        }

        known = state is GuardedState { IsClassified: true } word ? new IntersectionWord(this, word, automaton, end) : new IntersectionState(this, state, automaton, end);
        work?.Grow();
        _states.Add((state, automaton, end), known);
        return known;
    }

    /// <summary>The calls at a triple.</summary>
    internal StateCall[] Calls(RecognizerState state, LexemeState automaton, LexemeState? end)
    {
        var calls = new List<StateCall>();
        foreach (StateCall call in state.Calls)
        {
            IReadOnlyCollection<LexemeState> ends = _ends.OfNonEmpty(call.Callee, automaton);
            if (call.Return is null)
            {
                if (IsAmong(end, ends))
                {
                    calls.Add(new StateCall(StateOf(call.Callee, automaton, end)!, null));
                }

                continue;
            }

            foreach (LexemeState between in ends.ToArray())
            {
                if (StateOf(call.Return, between, end) is { } after)
                {
                    calls.Add(new StateCall(StateOf(call.Callee, automaton, between)!, after));
                }
            }
        }

        return [.. calls];
    }

    private static bool IsAmong(LexemeState? end, IReadOnlyCollection<LexemeState> ends) =>
        end is null ? ends.Any(static state => state.IsAccepting) : ends.Contains(end);
}

/// <summary>A state of the intersection of a grammar and an automaton.</summary>
internal sealed class IntersectionState(IntersectionGrammar grammar, RecognizerState state, LexemeState automaton, LexemeState? end)
    : RecognizerState(state.IsAccepting && (end is null ? automaton.IsAccepting : ReferenceEquals(automaton, end))), IIntersected
{
    private StateCall[]? _calls;

    public RecognizerState State => state;

    public LexemeState Automaton => automaton;

    public LexemeState? AutomatonAtEnd => end;

    public override RecognizerState Representative => ReferenceEquals(state.Representative, state) ? this : grammar.StateOf(state.Representative, automaton, end)!;

    public override bool HasCalls => state.HasCalls;

    public override JointPlace? Joint => state is LexemeState { IsPlain: true } language ? new JointPlace(language, null, automaton) : null;

    public override ReadOnlySpan<StateCall> Calls => state.HasCalls ? _calls ??= grammar.Calls(state, automaton, end) : [];

    public override ByteSet BytesToTry => Joint is { } place ? place.DistinctBytes(apart: default) : state.BytesToTry;

    public override RecognizerState? At(JointPlace place) => grammar.StateOf(place.Language, place.Companion, end);

    public override RecognizerState? Step(byte value) =>
        automaton.Step(value) is { } next && state.Step(value) is { } after ? grammar.StateOf(after, next, end) : null;
}
