using LlamaProvider.Decoding.Constraints.Automata.Expressions;

namespace LlamaProvider.Decoding.Constraints.Automata;

/// <summary>The laws that make lists of parts canonical: flat, sorted by key, without repetitions, and with one set of bytes.</summary>
internal static class PartList
{
    /// <summary>The parts, with the parts of those of the same kind in their place.</summary>
    /// <param name="parts">What was given.</param>
    /// <param name="absorbing">Alone, when it is among them.</param>
    /// <param name="neutral">Left out.</param>
    public static List<ByteExpression> Flatten<TKind>(ReadOnlySpan<ByteExpression> parts, ByteExpression absorbing, ByteExpression neutral)
        where TKind : ByteExpression
    {
        var flat = new List<ByteExpression>(parts.Length + 2);
        foreach (ByteExpression part in parts)
        {
            if (ReferenceEquals(part, absorbing))
            {
                return [absorbing];
            }

            if (part is TKind)
            {
                flat.AddRange(part.Parts);
            }
            else if (!ReferenceEquals(part, neutral))
            {
                flat.Add(part);
            }
        }

        SortDistinct(flat);
        return flat;
    }

    public static void SortDistinct(List<ByteExpression> parts)
    {
        parts.Sort(static (left, right) => left.Key.CompareTo(right.Key));
        int count = 0;
        for (int i = 0; i < parts.Count; i++)
        {
            if (count == 0 || !ReferenceEquals(parts[count - 1], parts[i]))
            {
                parts[count++] = parts[i];
            }
        }

        parts.RemoveRange(count, parts.Count - count);
    }

    /// <summary>Joins sets of bytes into one.</summary>
    public static void MergeBytes(List<ByteExpression> parts, ByteAlgebra algebra)
    {
        ByteSet union = default;
        int count = 0;
        foreach (ByteExpression part in parts)
        {
            if (part is BytesExpression bytes)
            {
                union |= bytes.Set;
                count++;
            }
        }

        if (count > 1)
        {
            parts.RemoveAll(part => part is BytesExpression);
            parts.Add(algebra.Bytes(union));
            SortDistinct(parts);
        }
    }

    /// <summary>Whether the parts hold a language, or an alternative of it when it is a choice.</summary>
    public static bool ContainsAlternativeOf(List<ByteExpression> parts, ByteExpression choice)
    {
        if (choice is not ChoiceExpression)
        {
            return parts.Contains(choice);
        }

        foreach (ByteExpression alternative in choice.Parts)
        {
            if (parts.Contains(alternative))
            {
                return true;
            }
        }

        return false;
    }
}
