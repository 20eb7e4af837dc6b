using LlamaProvider.Decoding.Constraints.Automata.Expressions;

namespace LlamaProvider.Decoding.Constraints.Automata;

/// <summary>
/// A short text of a language that is made without intersection, complement and machines, read off the expression. Where languages hold together, a short text of one of them often
/// meets the others too, and then no search is needed.
/// </summary>
internal static class Witness
{
    private const int MaxLength = 4096;

    /// <returns>A text; <see langword="null"/> when it is not as simple as that, or long.</returns>
    public static byte[]? Find(ByteExpression expression, ReadOnlySpan<byte> preferred)
    {
        if (expression.MayHideNothing || expression.HasCalls)
        {
            return null;
        }

        var text = new List<byte>();
        return Append(expression, preferred, text) ? [.. text] : null;
    }

    private static bool Append(ByteExpression expression, ReadOnlySpan<byte> preferred, List<byte> text)
    {
        while (expression is SequenceExpression sequence)
        {
            if (!Append(sequence.First, preferred, text))
            {
                return false;
            }

            expression = sequence.Second;
        }

        if (expression.IsNullable)
        {
            return true;
        }

        switch (expression)
        {
            case BytesExpression bytes:
                text.AddRange(FirstOf(bytes.Set, preferred));
                return text.Count <= MaxLength && !bytes.Set.IsEmpty;
            case WordsExpression words:
                text.AddRange(words.Shortest);
                return text.Count <= MaxLength;
            case RepetitionExpression repetition:
                return Repeat(repetition, preferred, text);
            case ChoiceExpression:
                return AppendShortest(expression, preferred, text);
            default:
                return false;
        }
    }

    private static bool Repeat(RepetitionExpression repetition, ReadOnlySpan<byte> preferred, List<byte> text)
    {
        int start = text.Count;
        if (repetition.Min > MaxLength || !Append(repetition.Part, preferred, text))
        {
            return false;
        }

        byte[] once = [.. text[start..]];
        for (int i = 1; i < repetition.Min && text.Count <= MaxLength; i++)
        {
            text.AddRange(once);
        }

        return text.Count <= MaxLength;
    }

    private static bool AppendShortest(ByteExpression choice, ReadOnlySpan<byte> preferred, List<byte> text)
    {
        List<byte>? shortest = null;
        foreach (ByteExpression part in choice.Parts)
        {
            var candidate = new List<byte>();
            if (Append(part, preferred, candidate) && (shortest is null || candidate.Count < shortest.Count))
            {
                shortest = candidate;
            }
        }

        text.AddRange(shortest ?? []);
        return shortest is not null;
    }

    private static byte[] FirstOf(ByteSet set, ReadOnlySpan<byte> preferred)
    {
        foreach (byte value in preferred)
        {
            if (set.Contains(value))
            {
                return [value];
            }
        }

        return [];
    }
}
