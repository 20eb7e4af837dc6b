namespace LlamaProvider.Decoding.Sampling.Selection;

/// <summary>Finds the value of a given rank in linear expected time (Hoare's quickselect, pivot: the median of three).</summary>
internal static class RankSelection
{
    private const int SmallEnoughToSort = 24;

    /// <summary>The n-th largest value.</summary>
    /// <param name="values">The values, without NaN. Their order is lost.</param>
    /// <param name="n">The rank. Range: 1 to the number of values.</param>
    public static float NthLargest(Span<float> values, int n) => AtAscendingIndex(values, values.Length - n);

    /// <summary>The n-th smallest value.</summary>
    /// <param name="values">The values, without NaN. Their order is lost.</param>
    /// <param name="n">The rank. Range: 1 to the number of values.</param>
    public static float NthSmallest(Span<float> values, int n) => AtAscendingIndex(values, n - 1);

    private static float AtAscendingIndex(Span<float> values, int index)
    {
        // An order that defeats the pivots is sorted instead, which bounds the work to O(n log n).
        for (int rounds = 2 * (32 - int.LeadingZeroCount(values.Length)); rounds > 0 && values.Length > SmallEnoughToSort; rounds--)
        {
            (int left, int right) = Partition(values);
            if (index <= right)
            {
                values = values[..(right + 1)];
            }
            else if (index >= left)
            {
                values = values[left..];
                index -= left;
            }
            else
            {
                return values[index];
            }
        }

        values.Sort();
        return values[index];
    }

    /// <summary>Afterwards what stands up to Right is at most the pivot, what stands from Left on at least, and what is between equals it.</summary>
    private static (int Left, int Right) Partition(Span<float> values)
    {
        float pivot = MedianOfThree(values[0], values[values.Length / 2], values[^1]);
        int left = 0;
        int right = values.Length - 1;
        while (left <= right)
        {
            while (values[left] < pivot)
            {
                left++;
            }

            while (values[right] > pivot)
            {
                right--;
            }

            if (left <= right)
            {
                (values[left], values[right]) = (values[right], values[left]);
                left++;
                right--;
            }
        }

        return (left, right);
    }

    internal static float MedianOfThree(float a, float b, float c) => MathF.Max(MathF.Min(a, b), MathF.Min(MathF.Max(a, b), c));
}
