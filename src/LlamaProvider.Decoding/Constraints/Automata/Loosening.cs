using LlamaProvider.Decoding.Constraints.Automata.Expressions;

namespace LlamaProvider.Decoding.Constraints.Automata;

/// <summary>
/// Makes a language larger and its automaton smaller, by counting no further than one. When the larger language is empty, so is the smaller, and the larger has few states:
/// that no host name is an address needs no count of either's characters.
/// </summary>
internal static class Loosening
{
    public static ByteExpression Loosen(ByteExpression expression, ByteAlgebra algebra) => expression.LargestCount <= 1 ? expression : expression switch
    {
        RepetitionExpression repetition => algebra.Repetition(Loosen(repetition.Part, algebra), Math.Min(repetition.Min, 1), repetition.Max <= 1 ? 1 : RepetitionExpression.Unbounded),
        SequenceExpression sequence => Loosen(sequence, algebra),
        ChoiceExpression => algebra.Choice(Parts(expression, algebra)),
        IntersectionExpression => algebra.Intersection(Parts(expression, algebra)),
        _ => algebra.Anything,
    };

    // A sequence may have thousands of parts, so it is gone through by a loop.
    private static ByteExpression Loosen(SequenceExpression sequence, ByteAlgebra algebra)
    {
        var parts = new List<ByteExpression>();
        ByteExpression rest = sequence;
        while (rest is SequenceExpression { LargestCount: > 1 } link)
        {
            parts.Add(Loosen(link.First, algebra));
            rest = link.Second;
        }

        return algebra.Sequence([.. parts, Loosen(rest, algebra)]);
    }

    private static ByteExpression[] Parts(ByteExpression expression, ByteAlgebra algebra)
    {
        var parts = new ByteExpression[expression.Parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = Loosen(expression.Parts[i], algebra);
        }

        return parts;
    }
}
