using System.Runtime.InteropServices;
using LlamaProvider.Decoding.Constraints.Automata.Expressions;

namespace LlamaProvider.Decoding.Constraints.Automata;

/// <summary>Makes a language from another by changing how often its parts may be repeated.</summary>
/// <param name="algebra">Made the expressions.</param>
/// <param name="kept">Expressions whose counts are no larger stay as they are.</param>
internal abstract class CountRewriter(ByteAlgebra algebra, int kept)
{
    private protected ByteAlgebra Algebra { get; } = algebra;

    public ByteExpression Rewrite(ByteExpression expression) => expression.LargestCount <= kept ? expression : expression switch
    {
        RepetitionExpression repetition => Repeat(repetition, Rewrite(repetition.Part)),
        SequenceExpression sequence => RewriteLinks(sequence),
        ChoiceExpression => Algebra.Choice(RewriteParts(expression)),
        IntersectionExpression => Algebra.Intersection(RewriteParts(expression)),
        _ => Other(expression),
    };

    /// <summary>What a repetition becomes whose part has become another.</summary>
    private protected abstract ByteExpression Repeat(RepetitionExpression repetition, ByteExpression part);

    /// <summary>What an expression becomes that cannot be looked into.</summary>
    private protected abstract ByteExpression Other(ByteExpression expression);

    // A sequence may have thousands of parts, so it is gone through by a loop.
    private ByteExpression RewriteLinks(SequenceExpression sequence)
    {
        var parts = new List<ByteExpression>();
        ByteExpression rest = sequence;
        while (rest is SequenceExpression link && link.LargestCount > kept)
        {
            parts.Add(Rewrite(link.First));
            rest = link.Second;
        }

        parts.Add(Rewrite(rest));
        return Algebra.Sequence(CollectionsMarshal.AsSpan(parts));
    }

    private ByteExpression[] RewriteParts(ByteExpression expression)
    {
        var parts = new ByteExpression[expression.Parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = Rewrite(expression.Parts[i]);
        }

        return parts;
    }
}
