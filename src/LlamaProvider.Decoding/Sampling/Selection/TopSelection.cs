using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LlamaProvider.Decoding.Sampling.Selection;

/// <summary>Finds the k largest of a row without sorting it.</summary>
/// <remarks>
/// One pass keeps the indices of values above a threshold t in a buffer somewhat larger than k. When the buffer is full, the k-th largest of it becomes the
/// new t and the rest is dropped, so ever fewer values pass. Values equal to t that come later never pass: of equal ones the lowest indices stay.
/// Each drop costs time linear in the buffer and makes room for at least <see cref="Slack"/> more, so the whole is O(n) for any order of the values.
/// <para>
/// The first t is found on a part of the row: k of its groups have maxima that are at least the k-th largest maximum, so at least k values are. Values equal
/// to it pass at first.
/// </para>
/// </remarks>
internal static class TopSelection
{
    /// <summary>How much larger than k the buffer is at least.</summary>
    private const int Slack = 192;

    /// <summary>Groups of which the maxima are taken: with 128 and k = 40 about 48 values of the part pass.</summary>
    private const int Groups = 128;

    /// <summary>Values of the part of the row in which the first threshold is looked for.</summary>
    private const int Part = 4096;

    /// <summary>The indices of the k largest finite values, or of all if there are fewer, in ascending order.</summary>
    /// <param name="values">The row.</param>
    /// <param name="k">How many, at least 1.</param>
    /// <param name="workspace">Lends the buffers; the result lies in it.</param>
    public static Span<int> Select(ReadOnlySpan<float> values, int k, SamplerWorkspace workspace)
    {
        k = Math.Min(k, values.Length);
        int capacity = (int)Math.Min(values.Length, k + (long)Math.Max(k, Slack) + LogitScan.Step);
        Span<int> kept = workspace.Indices(capacity);
        Span<float> scratch = workspace.ScratchKeys(Math.Max(capacity, Groups));
        float threshold = values.Length >= Part && k <= Groups / 2
            ? MathF.BitDecrement(LowerBound(values[..Part], k, scratch[..Groups]))
            : float.NegativeInfinity;
        int count = 0;
        for (int index = 0; index < values.Length;)
        {
            index = LogitScan.GatherAbove(values, index, threshold, kept, ref count);
            if (count > k)
            {
                threshold = KeepLargest(values, kept[..count], k, scratch);
                count = k;
            }
        }

        return kept[..count];
    }

    /// <summary>A value that at least k finite values reach; negative infinity when it finds none.</summary>
    private static float LowerBound(ReadOnlySpan<float> values, int k, Span<float> maxima)
    {
        int length = values.Length / Groups * Vector512<float>.Count;
        for (int group = 0; group < Groups; group += Vector512<float>.Count)
        {
            ReadOnlySpan<float> part = values.Slice(group / Vector512<float>.Count * length, length);
            Vector512<float> largest = Vector512.Create(float.NegativeInfinity);
            foreach (Vector512<float> value in MemoryMarshal.Cast<float, Vector512<float>>(part))
            {
                Vector512<float> better = Vector512.GreaterThan(value, largest) & Vector512.LessThanOrEqual(value, Vector512.Create(float.MaxValue));
                largest = Vector512.ConditionalSelect(better, value, largest);
            }

            // The lanes are groups of their own.
            largest.CopyTo(maxima[group..]);
        }

        return RankSelection.NthLargest(maxima, k);
    }

    /// <summary>Moves the indices of the k largest to the front, in their order, and returns the smallest value among them.</summary>
    private static float KeepLargest(ReadOnlySpan<float> values, Span<int> kept, int k, Span<float> scratch)
    {
        for (int i = 0; i < kept.Length; i++)
        {
            scratch[i] = values[kept[i]];
        }

        float threshold = RankSelection.NthLargest(scratch[..kept.Length], k);
        int above = 0;
        foreach (int index in kept)
        {
            above += values[index] > threshold ? 1 : 0;
        }

        int equal = k - above;
        int count = 0;
        foreach (int index in kept)
        {
            float value = values[index];
            if (value > threshold || (value == threshold && equal-- > 0))
            {
                kept[count++] = index;
            }
        }

        return threshold;
    }
}
