namespace LlamaProvider.Decoding.Constraints.Regex.Syntax;

/// <summary>How often something repeats.</summary>
internal static class QuantifierParser
{
    /// <summary>Reads a quantifier; <see langword="null"/>, with nothing passed, when none is next. <see cref="int.MaxValue"/> stands for no limit.</summary>
    public static (int Min, int Max)? TryRead(PatternReader reader)
    {
        int start = reader.Position;
        (int Min, int Max)? counts = reader.Peek() switch
        {
            '*' => (0, int.MaxValue),
            '+' => (1, int.MaxValue),
            '?' => (0, 1),
            '{' => TryReadBraces(reader),
            _ => null,
        };
        if (counts is null)
        {
            return null;
        }

        if (reader.Position == start)
        {
            reader.Position++;
        }

        if (reader.Peek() == '+')
        {
            throw reader.Error(
                start,
                $"the possessive '{reader.Pattern[start..(reader.Position + 1)]}' depends on the order in which a matcher tries, not only on the text.",
                "Remove the '+' that makes it possessive, and check that the meaning is still the one you want.");
        }

        // Lazy or not, the texts are the same.
        reader.TryTake("?");
        return counts;
    }

    /// <summary>The repetition, simplified where counts nest: (x{a,b}){c,d} is x{ac,bd} when a is at most 1, since the ranges then touch.</summary>
    public static RegexNode Repeat(RegexNode part, int min, int max)
    {
        if (max == 0)
        {
            return RegexNode.Empty;
        }

        if (part is StartNode or EndNode or LookaheadNode or LookbehindNode)
        {
            // Once is as good as often, and not at all is always allowed when the count may be zero.
            return min == 0 ? RegexNode.Empty : part;
        }

        if (part is RepetitionNode { Min: <= 1 } inner && !part.HasCondition)
        {
            return Repeat(inner.Part, min * inner.Min, Multiply(max, inner.Max));
        }

        return (min, max) is (1, 1) ? part : new RepetitionNode(part, min, max);
    }

    private static int Multiply(int left, int right) =>
        left == int.MaxValue || right == int.MaxValue ? int.MaxValue : (int)Math.Min((long)left * right, int.MaxValue);

    private static (int Min, int Max)? TryReadBraces(PatternReader reader)
    {
        int start = reader.Position++;
        int? min = reader.TakeDecimal();
        int? max = reader.TryTake(",") ? reader.TakeDecimal() ?? int.MaxValue : min;
        if (min is { } least && max is { } most && reader.TryTake("}"))
        {
            return (least, most);
        }

        reader.Position = start;
        return null;
    }
}
