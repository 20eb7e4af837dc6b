using LlamaProvider.Decoding.Constraints.Automata.Expressions;

namespace LlamaProvider.Decoding.Constraints.Automata;

/// <summary>
/// A smaller or a larger language that many others have in common: upper counts from <see cref="Least"/> on go down to one of few, or go. Whatever both allow, every language between them does, and what
/// the larger one does not, none does.
/// </summary>
/// <param name="algebra">Made the expressions.</param>
/// <param name="isLarger">Which of the two.</param>
internal sealed class RoundedCounts(ByteAlgebra algebra, bool isLarger) : CountRewriter(algebra, kept: Least - 1)
{
    /// <summary>The smallest count that is rounded.</summary>
    public const int Least = 8;

    private const int Step = 4;

    private protected override ByteExpression Repeat(RepetitionExpression repetition, ByteExpression part)
    {
        int max = repetition.Max is < Least or RepetitionExpression.Unbounded ? repetition.Max : isLarger ? RepetitionExpression.Unbounded : Rounded(repetition.Max);
        return Algebra.Repetition(part, repetition.Min, max < repetition.Min ? repetition.Max : max);
    }

    // What is within is left as it is: a complement is the larger the smaller its part.
    private protected override ByteExpression Other(ByteExpression expression) => expression;

    private static int Rounded(int count)
    {
        int rounded = Least;
        while (rounded <= count / Step)
        {
            rounded *= Step;
        }

        return rounded;
    }
}
