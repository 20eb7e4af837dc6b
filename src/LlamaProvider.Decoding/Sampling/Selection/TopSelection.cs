namespace LlamaProvider.Decoding.Sampling.Selection;

/// <summary>Finds the k largest of a row without sorting it.</summary>
/// <remarks>
/// One pass keeps the indices of values above a threshold t in a buffer somewhat larger than k. When the buffer is full, the k-th largest of it becomes the
/// new t and the rest is dropped, so ever fewer values pass. Values equal to t that come later never pass: of equal ones the lowest indices stay.
/// Each drop costs time linear in the buffer and makes room for at least <see cref="Slack"/> more, so the whole is O(n) for any order of the values.
/// </remarks>
internal static class TopSelection
{
    /// <summary>How much larger than k the buffer is at least.</summary>
    private const int Slack = 192;

    /// <summary>The indices of the k largest finite values, or of all if there are fewer, in ascending order.</summary>
    /// <param name="values">The row.</param>
    /// <param name="k">How many, at least 1.</param>
    /// <param name="workspace">Lends the buffers; the result lies in it.</param>
    public static Span<int> Select(ReadOnlySpan<float> values, int k, SamplerWorkspace workspace)
    {
        k = Math.Min(k, values.Length);
        int capacity = (int)Math.Min(values.Length, k + (long)Math.Max(k, Slack));
        Span<int> kept = workspace.Indices(capacity);
        Span<float> scratch = workspace.ScratchKeys(capacity);
        int count = 0;
        float threshold = float.NegativeInfinity;
        for (int index = LogitScan.NextAbove(values, 0, threshold); index < values.Length; index = LogitScan.NextAbove(values, index + 1, threshold))
        {
            if (values[index] <= float.MaxValue)
            {
                kept[count++] = index;
                if (count == capacity && count > k)
                {
                    threshold = KeepLargest(values, kept[..count], k, scratch);
                    count = k;
                }
            }
        }

        if (count > k)
        {
            KeepLargest(values, kept[..count], k, scratch);
            count = k;
        }

        return kept[..count];
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
