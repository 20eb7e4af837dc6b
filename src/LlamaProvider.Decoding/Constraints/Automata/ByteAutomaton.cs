using LlamaProvider.Decoding.Constraints.Automata.Expressions;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.Automata;

/// <summary>The deterministic automaton of one expression, built state by state where texts lead.</summary>
/// <remarks>One thread at a time.</remarks>
internal sealed class ByteAutomaton
{
    private readonly ByteAlgebra _algebra;
    private readonly Liveness _liveness;
    private readonly LocalClasses _classes;

    // Of expressions that are states of another automaton before. Most are of one only, and carry it themselves.
    private readonly Dictionary<ByteExpression, LexemeState> _others = [];
    private readonly IRuleTable? _rules;

    /// <param name="algebra">Made the expression.</param>
    /// <param name="liveness">Of the same algebra.</param>
    /// <param name="expression">The language.</param>
    /// <param name="rules">The rules that it calls; none when it calls none.</param>
    public ByteAutomaton(ByteAlgebra algebra, Liveness liveness, ByteExpression expression, IRuleTable? rules = null)
    {
        _algebra = algebra;
        _liveness = liveness;
        _rules = rules;
        _classes = new LocalClasses(expression, algebra.FirstSets);
        Start = StateOf(expression);
    }

    /// <summary>Where a text begins; <see langword="null"/> when the language is empty.</summary>
    public LexemeState? Start { get; }

    /// <summary>Whether there is room for what can be done without.</summary>
    public bool HasRoom => _algebra.HasRoom;

    /// <summary>The bytes that an expression tells apart.</summary>
    internal ByteMap MapOf(ByteExpression expression) => _classes.Of(expression);

    internal LexemeState? Derive(ByteExpression expression, byte value) => StateOf(_algebra.Derive(expression, value));

    /// <summary>See <see cref="ByteExpression.Relax"/>.</summary>
    internal LexemeState Relax(LexemeState state, int bytes) => StateOf(state.Expression.Relax(bytes, _algebra)) ?? state;

    /// <summary>The state of a smaller or a larger language that many others have in common (<see cref="RoundedCounts"/>); <see langword="null"/> when it has no text, or there is no room for it.</summary>
    internal LexemeState? Round(LexemeState state, bool isLarger) => !HasRoom ? null : StateOf(new RoundedCounts(_algebra, isLarger).Rewrite(state.Expression));

    /// <summary>The calls at the beginning of an expression. Those of one rule are one, however many ways go on after it, so that they are followed together.</summary>
    internal StateCall[] Calls(ByteExpression expression)
    {
        var calls = new List<RuleCall>();
        expression.AddCalls(calls, _algebra);
        var states = new List<StateCall>();
        foreach (IGrouping<int, RuleCall> ofRule in calls.GroupBy(static call => call.Rule))
        {
            ByteExpression after = _algebra.Choice([.. ofRule.Select(static call => call.After)]);
            if (StateOf(after) is { } state && _rules!.StartOf(ofRule.Key) is { } callee)
            {
                states.Add(new StateCall(callee, ReferenceEquals(after, _algebra.Empty) ? null : state));
            }
        }

        return [.. states];
    }

    private LexemeState? StateOf(ByteExpression expression)
    {
        LexemeState? known = expression.State;
        if (known is not null && known.Automaton != this)
        {
            known = _others.GetValueOrDefault(expression);
        }

        if (known is not null)
        {
            return known;
        }

        if (_liveness.IsEmpty(expression, _classes))
        {
            return null;
        }

        var state = new LexemeState(this, expression);
        if (expression.State is null)
        {
            expression.State = state;
        }
        else
        {
            _others.Add(expression, state);
        }

        return state;
    }
}

/// <summary>The rules of a grammar, by number.</summary>
/// <remarks>A rule that is called has a text, and does not begin with itself: whoever compiles a grammar sees to it.</remarks>
internal interface IRuleTable
{
    /// <summary>Where the rule's texts begin; <see langword="null"/> when it has none.</summary>
    RecognizerState? StartOf(int rule);
}
