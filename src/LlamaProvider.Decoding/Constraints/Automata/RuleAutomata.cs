using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.Automata;

/// <summary>The rules of a grammar, each an expression, as automata that are made when a text first reaches them.</summary>
/// <param name="algebra">Made the expressions.</param>
/// <param name="rules">The right side of each rule, by number.</param>
internal sealed class RuleAutomata(ByteAlgebra algebra, IReadOnlyList<ByteExpression> rules) : IRuleTable
{
    private readonly Liveness _liveness = new(algebra);
    private readonly ByteAutomaton?[] _automata = new ByteAutomaton?[rules.Count];

    public RecognizerState? StartOf(int rule) => (_automata[rule] ??= new ByteAutomaton(algebra, _liveness, rules[rule], this)).Start;
}
