using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LlamaProvider.Decoding.Sampling.Selection;

/// <summary>Passes over a row of logits at the speed of memory. What they find does not depend on how wide the processor's vectors are.</summary>
/// <remarks>
/// One question serves the maximum, the k largest and every threshold: where is the next value above t? Among n values in random order a running maximum
/// changes about ln n times, and the running k-th largest about k·ln(n/k) times, so nearly all of a row is only compared, 64 bytes an instruction where the
/// processor has AVX-512. NaN is above nothing.
/// </remarks>
internal static class LogitScan
{
    /// <summary>Values that one instruction compares on this machine: 16, 8, 4, or 1.</summary>
    public static int Lanes =>
        Vector512.IsHardwareAccelerated ? Lanes512.Count
        : Vector256.IsHardwareAccelerated ? Lanes256.Count
        : Vector128.IsHardwareAccelerated ? Lanes128.Count
        : SingleLane.Count;

    /// <summary>The most values that one step of <see cref="GatherAbove"/> looks at.</summary>
    public static int Step => 4 * Lanes;

    /// <summary>The first index from <paramref name="start"/> on whose value is above the threshold; the length when there is none.</summary>
    public static int NextAbove(ReadOnlySpan<float> values, int start, float threshold) =>
        Vector512.IsHardwareAccelerated ? NextAbove<Lanes512>(values, start, threshold)
        : Vector256.IsHardwareAccelerated ? NextAbove<Lanes256>(values, start, threshold)
        : Vector128.IsHardwareAccelerated ? NextAbove<Lanes128>(values, start, threshold)
        : NextAbove<SingleLane>(values, start, threshold);

    /// <summary>Writes the indices of all finite values that are at least the threshold, in ascending order. There must be room for all.</summary>
    /// <returns>How many there are.</returns>
    public static int Gather(ReadOnlySpan<float> values, float threshold, Span<int> indices) =>
        Vector512.IsHardwareAccelerated ? Gather<Lanes512>(values, threshold, indices)
        : Vector256.IsHardwareAccelerated ? Gather<Lanes256>(values, threshold, indices)
        : Vector128.IsHardwareAccelerated ? Gather<Lanes128>(values, threshold, indices)
        : Gather<SingleLane>(values, threshold, indices);

    /// <summary>
    /// Appends the indices of the finite values above the threshold to the first <paramref name="count"/> of a list, in ascending order, until all values have
    /// been seen or the list may have no room for those of one step. With room for <see cref="Step"/> more, or for all values, it gets on.
    /// </summary>
    /// <returns>Where to go on; the length when all have been seen.</returns>
    public static int GatherAbove(ReadOnlySpan<float> values, int start, float threshold, Span<int> indices, ref int count) =>
        Vector512.IsHardwareAccelerated ? GatherAbove<Lanes512>(values, start, threshold, indices, ref count)
        : Vector256.IsHardwareAccelerated ? GatherAbove<Lanes256>(values, start, threshold, indices, ref count)
        : Vector128.IsHardwareAccelerated ? GatherAbove<Lanes128>(values, start, threshold, indices, ref count)
        : GatherAbove<SingleLane>(values, start, threshold, indices, ref count);

    /// <summary>The lowest index of the largest finite value; −1 when no value is finite.</summary>
    public static int IndexOfMax(ReadOnlySpan<float> values)
    {
        int best = -1;
        float largest = float.NegativeInfinity;
        for (int index = NextAbove(values, 0, largest); index < values.Length; index = NextAbove(values, index + 1, largest))
        {
            if (values[index] <= float.MaxValue)
            {
                (best, largest) = (index, values[index]);
            }
        }

        return best;
    }

    internal static int NextAbove<TLanes>(ReadOnlySpan<float> values, int start, float threshold)
        where TLanes : struct, ILanes
    {
        ref float first = ref MemoryMarshal.GetReference(values);
        int index = start;
        for (; index <= values.Length - (4 * TLanes.Count); index += 4 * TLanes.Count)
        {
            ref float at = ref Unsafe.Add(ref first, index);
            uint any = TLanes.Above(ref at, threshold)
                | TLanes.Above(ref Unsafe.Add(ref at, TLanes.Count), threshold)
                | TLanes.Above(ref Unsafe.Add(ref at, 2 * TLanes.Count), threshold)
                | TLanes.Above(ref Unsafe.Add(ref at, 3 * TLanes.Count), threshold);
            if (any != 0)
            {
                break;
            }
        }

        for (; index <= values.Length - TLanes.Count; index += TLanes.Count)
        {
            uint above = TLanes.Above(ref Unsafe.Add(ref first, index), threshold);
            if (above != 0)
            {
                return index + BitOperations.TrailingZeroCount(above);
            }
        }

        while (index < values.Length && !(values[index] > threshold))
        {
            index++;
        }

        return index;
    }

    internal static int Gather<TLanes>(ReadOnlySpan<float> values, float threshold, Span<int> indices)
        where TLanes : struct, ILanes
    {
        // At least t is above the next float below t, so one comparison serves both.
        int count = 0;
        GatherAbove<TLanes>(values, 0, MathF.BitDecrement(threshold), indices, ref count);
        return count;
    }

    internal static int GatherAbove<TLanes>(ReadOnlySpan<float> values, int start, float threshold, Span<int> indices, ref int count)
        where TLanes : struct, ILanes
    {
        ref float first = ref MemoryMarshal.GetReference(values);
        int index = start;
        for (; index <= values.Length - (4 * TLanes.Count); index += 4 * TLanes.Count)
        {
            ref float at = ref Unsafe.Add(ref first, index);
            ulong above = TLanes.Above(ref at, threshold)
                | ((ulong)TLanes.Above(ref Unsafe.Add(ref at, TLanes.Count), threshold) << TLanes.Count)
                | ((ulong)TLanes.Above(ref Unsafe.Add(ref at, 2 * TLanes.Count), threshold) << (2 * TLanes.Count))
                | ((ulong)TLanes.Above(ref Unsafe.Add(ref at, 3 * TLanes.Count), threshold) << (3 * TLanes.Count));
            if (above == 0)
            {
                continue;
            }

            if (count > indices.Length - (4 * TLanes.Count))
            {
                return index;
            }

            for (; above != 0; above &= above - 1)
            {
                Add(values, index + BitOperations.TrailingZeroCount(above), indices, ref count);
            }
        }

        if (count > indices.Length - (values.Length - index))
        {
            return index;
        }

        for (; index < values.Length; index++)
        {
            if (values[index] > threshold)
            {
                Add(values, index, indices, ref count);
            }
        }

        return index;
    }

    private static void Add(ReadOnlySpan<float> values, int index, Span<int> indices, ref int count)
    {
        indices[count] = index;
        count += float.IsFinite(values[index]) ? 1 : 0;
    }

    /// <summary>A width of comparison.</summary>
    internal interface ILanes
    {
        static abstract int Count { get; }

        /// <summary>A bit for each value above the threshold.</summary>
        static abstract uint Above(ref float first, float threshold);
    }

    internal readonly struct Lanes512 : ILanes
    {
        public static int Count => Vector512<float>.Count;

        public static uint Above(ref float first, float threshold) =>
            (uint)Vector512.GreaterThan(Vector512.LoadUnsafe(ref first), Vector512.Create(threshold)).ExtractMostSignificantBits();
    }

    internal readonly struct Lanes256 : ILanes
    {
        public static int Count => Vector256<float>.Count;

        public static uint Above(ref float first, float threshold) =>
            Vector256.GreaterThan(Vector256.LoadUnsafe(ref first), Vector256.Create(threshold)).ExtractMostSignificantBits();
    }

    internal readonly struct Lanes128 : ILanes
    {
        public static int Count => Vector128<float>.Count;

        public static uint Above(ref float first, float threshold) =>
            Vector128.GreaterThan(Vector128.LoadUnsafe(ref first), Vector128.Create(threshold)).ExtractMostSignificantBits();
    }

    internal readonly struct SingleLane : ILanes
    {
        public static int Count => 1;

        public static uint Above(ref float first, float threshold) => first > threshold ? 1u : 0u;
    }
}
