using LlamaProvider.Decoding.Constraints.Automata.Expressions;

namespace LlamaProvider.Decoding.Constraints.Automata;

/// <summary>An expression that many constraints have, such as "any JSON string", made once and copied into their algebras: copying takes no laws and few hashes.</summary>
/// <remarks>Made of bytes, sequences, choices and repetitions. Safe for concurrent use: the template itself is read, never derived.</remarks>
/// <param name="make">Makes the expression in an algebra.</param>
internal sealed class ExpressionTemplate(Func<ByteAlgebra, ByteExpression> make)
{
    private readonly Lazy<ByteExpression> _expression = new(() => make(new ByteAlgebra()));

    /// <summary>The expression of an algebra.</summary>
    public ByteExpression In(ByteAlgebra algebra) => Copy(_expression.Value, algebra);

    // Keys are the same in every algebra, and so is the order of parts.
    private static ByteExpression Copy(ByteExpression template, ByteAlgebra algebra) => algebra.Known(template.Key) ?? algebra.Add(template switch
    {
        BytesExpression bytes => new BytesExpression(bytes.Set),
        SequenceExpression sequence => new SequenceExpression(template.Key, Copy(sequence.First, algebra), Copy(sequence.Second, algebra)),
        RepetitionExpression repetition => new RepetitionExpression(template.Key, Copy(repetition.Part, algebra), repetition.Min, repetition.Max),
        ChoiceExpression => new ChoiceExpression(template.Key, CopyAll(template.Parts, algebra)),
        _ => throw new ArgumentException($"A template has no {template.GetType().Name}.", nameof(template)),
    });

    private static ByteExpression[] CopyAll(ReadOnlySpan<ByteExpression> templates, ByteAlgebra algebra)
    {
        var parts = new ByteExpression[templates.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = Copy(templates[i], algebra);
        }

        return parts;
    }
}
