using LlamaProvider.Decoding.Constraints.Automata.Expressions;

namespace LlamaProvider.Decoding.Constraints.Automata;

/// <summary>
/// Short texts of languages that are made without intersection, complement and machines, read off their expressions. Where languages hold together, a short text of one of them often meets the others
/// too, and then no search is needed.
/// </summary>
/// <remarks>
/// States differ in how much is left, not in what it is made of, so the texts of choices are remembered, and those of sequences and repetitions put together. A text is only a candidate, which whoever
/// asks for it tries; so it does not matter that one that is remembered was found with the bytes that another automaton prefers.
/// </remarks>
internal sealed class Witness
{
    private const int MaxLength = 4096;

    private readonly Dictionary<ByteExpression, byte[]?> _known = [];

    /// <returns>A text; <see langword="null"/> when it is not as simple as that, or long.</returns>
    public byte[]? Find(ByteExpression expression, ReadOnlySpan<byte> preferred)
    {
        if (expression.MayHideNothing || expression.HasCalls)
        {
            return null;
        }

        if (expression is not SequenceExpression)
        {
            return Part(expression, preferred);
        }

        var text = new List<byte>();
        ByteExpression rest = expression;
        while (rest is SequenceExpression sequence)
        {
            if (Part(sequence.First, preferred) is not { } first || text.Count + first.Length > MaxLength)
            {
                return null;
            }

            text.AddRange(first);
            rest = sequence.Second;
        }

        return Part(rest, preferred) is { } last && text.Count + last.Length <= MaxLength ? [.. text, .. last] : null;
    }

    private byte[]? Part(ByteExpression part, ReadOnlySpan<byte> preferred) => part switch
    {
        { IsNullable: true } => [],
        BytesExpression bytes => FirstOf(bytes.Set, preferred),
        WordsExpression words => words.Shortest.Length > MaxLength ? null : words.Shortest.ToArray(),
        RepetitionExpression repetition => Repeat(repetition, preferred),
        ChoiceExpression => Shortest(part, preferred),
        SequenceExpression => Find(part, preferred),
        _ => null,
    };

    private byte[]? Repeat(RepetitionExpression repetition, ReadOnlySpan<byte> preferred)
    {
        if (Part(repetition.Part, preferred) is not { } once || (long)once.Length * repetition.Min > MaxLength)
        {
            return null;
        }

        var text = new byte[once.Length * repetition.Min];
        for (int i = 0; i < repetition.Min; i++)
        {
            once.CopyTo(text, i * once.Length);
        }

        return text;
    }

    private byte[]? Shortest(ByteExpression choice, ReadOnlySpan<byte> preferred)
    {
        if (!_known.TryGetValue(choice, out byte[]? shortest))
        {
            foreach (ByteExpression part in choice.Parts)
            {
                byte[]? text = Part(part, preferred);
                shortest = text is not null && (shortest is null || text.Length < shortest.Length) ? text : shortest;
            }

            _known.Add(choice, shortest);
        }

        return shortest;
    }

    private static byte[]? FirstOf(ByteSet set, ReadOnlySpan<byte> preferred)
    {
        foreach (byte value in preferred)
        {
            if (set.Contains(value))
            {
                return [value];
            }
        }

        return set.IsEmpty ? null : [set.First];
    }
}
