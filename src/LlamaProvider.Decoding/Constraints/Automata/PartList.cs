using System.Runtime.InteropServices;
using LlamaProvider.Decoding.Constraints.Automata.Expressions;

namespace LlamaProvider.Decoding.Constraints.Automata;

/// <summary>The laws that make lists of parts canonical: flat, sorted by key, without repetitions, and with one set of bytes.</summary>
internal static class PartList
{
    /// <summary>Adds the parts, with the parts of those of the same kind in their place.</summary>
    /// <param name="flat">Receives them; empty before.</param>
    /// <param name="parts">What was given.</param>
    /// <param name="absorbing">Alone, when it is among them.</param>
    /// <param name="neutral">Left out.</param>
    public static void Flatten<TKind>(List<ByteExpression> flat, ReadOnlySpan<ByteExpression> parts, ByteExpression absorbing, ByteExpression neutral)
        where TKind : ByteExpression
    {
        foreach (ByteExpression part in parts)
        {
            if (ReferenceEquals(part, absorbing))
            {
                flat.Clear();
                flat.Add(absorbing);
                return;
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
    }

    public static void SortDistinct(List<ByteExpression> parts)
    {
        if (IsSortedDistinct(parts))
        {
            return;
        }

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

    private static bool IsSortedDistinct(List<ByteExpression> parts)
    {
        for (int i = 1; i < parts.Count; i++)
        {
            if (parts[i - 1].Key >= parts[i].Key)
            {
                return false;
            }
        }

        return true;
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
            parts.RemoveAll(static part => part is BytesExpression);
            parts.Add(algebra.Bytes(union));
            SortDistinct(parts);
        }
    }

    /// <summary>Whether a part is among them. Equal expressions are one object, which a list does not know.</summary>
    public static bool Holds(List<ByteExpression> parts, ByteExpression sought)
    {
        foreach (ByteExpression part in CollectionsMarshal.AsSpan(parts))
        {
            if (ReferenceEquals(part, sought))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the parts hold a language, or an alternative of it when it is a choice.</summary>
    public static bool ContainsAlternativeOf(List<ByteExpression> parts, ByteExpression choice)
    {
        if (choice is not ChoiceExpression)
        {
            return Holds(parts, choice);
        }

        foreach (ByteExpression alternative in choice.Parts)
        {
            if (Holds(parts, alternative))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether what one part forbids another asks for.</summary>
    public static bool HasContradiction(List<ByteExpression> parts)
    {
        foreach (ByteExpression part in parts)
        {
            if (part is ComplementExpression not && ContainsAlternativeOf(parts, not.Part))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The law a &amp; (a | b) = a.</summary>
    public static void Absorb(List<ByteExpression> parts)
    {
        for (int i = parts.Count - 1; i >= 0; i--)
        {
            if (parts[i] is ChoiceExpression && ContainsAlternativeOf(parts, parts[i]))
            {
                parts.RemoveAt(i);
            }
        }
    }
}
