using LlamaProvider.Decoding.Constraints.Automata.Expressions;

namespace LlamaProvider.Decoding.Constraints.Automata;

/// <summary>
/// Makes a language larger and its automaton smaller, by counting no further than one. When the larger language is empty, so is the smaller, and the larger has few states:
/// that no host name is an address needs no count of either's characters.
/// </summary>
/// <param name="algebra">Made the expressions.</param>
internal sealed class Loosening(ByteAlgebra algebra) : CountRewriter(algebra, kept: 1)
{
    private protected override ByteExpression Repeat(RepetitionExpression repetition, ByteExpression part) =>
        Algebra.Repetition(part, Math.Min(repetition.Min, 1), repetition.Max <= 1 ? 1 : RepetitionExpression.Unbounded);

    private protected override ByteExpression Other(ByteExpression expression) => Algebra.Anything;
}
