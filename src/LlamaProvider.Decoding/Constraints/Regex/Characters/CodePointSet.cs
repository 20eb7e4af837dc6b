namespace LlamaProvider.Decoding.Constraints.Regex.Characters;

/// <summary>Code points from <see cref="First"/> to <see cref="Last"/>, both included.</summary>
internal readonly record struct CodePointRange(int First, int Last);

/// <summary>A set of Unicode scalar values. Surrogates are never in a set: well-formed text has none.</summary>
/// <remarks>Immutable; two sets of the same values are equal.</remarks>
internal sealed class CodePointSet : IEquatable<CodePointSet>
{
    public const int MaxCodePoint = 0x10FFFF;

    private static readonly CodePointRange[] Scalars = [new(0, 0xD7FF), new(0xE000, MaxCodePoint)];

    private readonly CodePointRange[] _ranges;

    private CodePointSet(CodePointRange[] ranges) => _ranges = ranges;

    /// <summary>The set without a value.</summary>
    public static CodePointSet None { get; } = new([]);

    /// <summary>Every scalar value.</summary>
    public static CodePointSet All { get; } = new(Scalars);

    /// <summary>The values in ascending ranges that neither overlap nor touch.</summary>
    public ReadOnlySpan<CodePointRange> Ranges => _ranges;

    public bool IsEmpty => _ranges.Length == 0;

    /// <summary>The set of one value; empty when it is a surrogate.</summary>
    public static CodePointSet Of(int codePoint) => OfRanges(new CodePointRange(codePoint, codePoint));

    /// <summary>The values from one to another, both included.</summary>
    public static CodePointSet Of(int first, int last) => OfRanges(new CodePointRange(first, last));

    /// <summary>The values of all the ranges, which may come in any order and overlap.</summary>
    public static CodePointSet OfRanges(params ReadOnlySpan<CodePointRange> ranges) => new(Intersect(Merge([.. ranges]), Scalars));

    /// <summary>The characters of a text.</summary>
    public static CodePointSet OfText(string text) =>
        OfRanges([.. text.EnumerateRunes().Select(rune => new CodePointRange(rune.Value, rune.Value))]);

    public bool Contains(int codePoint)
    {
        int low = 0;
        int high = _ranges.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            if (codePoint < _ranges[middle].First)
            {
                high = middle - 1;
            }
            else if (codePoint > _ranges[middle].Last)
            {
                low = middle + 1;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    public CodePointSet Union(CodePointSet other) => new(Merge([.. _ranges, .. other._ranges]));

    public CodePointSet Intersect(CodePointSet other) => new(Intersect(_ranges, other._ranges));

    /// <summary>The scalar values that are not in the set.</summary>
    public CodePointSet Complement()
    {
        var gaps = new List<CodePointRange>(_ranges.Length + 1);
        int next = 0;
        foreach (CodePointRange range in _ranges)
        {
            if (range.First > next)
            {
                gaps.Add(new CodePointRange(next, range.First - 1));
            }

            next = range.Last + 1;
        }

        if (next <= MaxCodePoint)
        {
            gaps.Add(new CodePointRange(next, MaxCodePoint));
        }

        return new(Intersect([.. gaps], Scalars));
    }

    public bool Equals(CodePointSet? other) => other is not null && _ranges.AsSpan().SequenceEqual(other._ranges);

    public override bool Equals(object? obj) => Equals(obj as CodePointSet);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (CodePointRange range in _ranges)
        {
            hash.Add(range);
        }

        return hash.ToHashCode();
    }

    private static CodePointRange[] Merge(CodePointRange[] ranges)
    {
        Array.Sort(ranges, static (left, right) => left.First.CompareTo(right.First));
        int count = 0;
        foreach (CodePointRange range in ranges)
        {
            if (count > 0 && range.First <= ranges[count - 1].Last + 1)
            {
                ranges[count - 1] = new CodePointRange(ranges[count - 1].First, Math.Max(ranges[count - 1].Last, range.Last));
            }
            else if (range.First <= range.Last)
            {
                ranges[count++] = range;
            }
        }

        return ranges[..count];
    }

    private static CodePointRange[] Intersect(CodePointRange[] left, CodePointRange[] right)
    {
        var common = new List<CodePointRange>(left.Length);
        for (int i = 0, j = 0; i < left.Length && j < right.Length;)
        {
            int first = Math.Max(left[i].First, right[j].First);
            int last = Math.Min(left[i].Last, right[j].Last);
            if (first <= last)
            {
                common.Add(new CodePointRange(first, last));
            }

            if (left[i].Last < right[j].Last)
            {
                i++;
            }
            else
            {
                j++;
            }
        }

        return [.. common];
    }
}
