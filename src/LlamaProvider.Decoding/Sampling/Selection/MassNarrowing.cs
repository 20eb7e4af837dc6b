using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LlamaProvider.Decoding.Sampling.Selection;

/// <summary>Shortens a long ranking to the part in which its mass crosses a target.</summary>
/// <remarks>
/// Halves the range of keys by their value: whether the items up to the middle hold the target says on which side the crossing lies. A pass only compares
/// and adds, in the lanes and blocks of <see cref="Softmax"/>, so that it takes a fraction of what moving the items would; every few passes the items outside
/// the range are dropped. Keys that lie so close together that this makes no progress are left to <see cref="MassSelection"/>.
/// </remarks>
internal static class MassNarrowing
{
    private const int PassesUntilDrop = 4;
    private const int ShortEnough = 128;

    /// <summary>Moves the items among which the crossing lies to the front.</summary>
    /// <param name="keys">Rank of each item, smallest first, finite.</param>
    /// <param name="masses">Mass of each item, moved along.</param>
    /// <param name="target">The mass to reach; no mass at all does not reach it.</param>
    /// <param name="exceed">Whether the mass must exceed the target instead of reaching it.</param>
    /// <param name="before">Receives the mass of the dropped items that rank before these.</param>
    /// <param name="isReached">Receives whether it is known that these items reach the target.</param>
    /// <returns>How many they are.</returns>
    public static int Narrow(Span<float> keys, Span<float> masses, double target, bool exceed, out double before, out bool isReached)
    {
        (float above, float last) = Range(keys);
        int count = keys.Length;
        before = 0;
        isReached = false;
        for (int previous = int.MaxValue; count > ShortEnough && count < previous;)
        {
            double dropped = 0;
            for (int pass = 0; pass < PassesUntilDrop; pass++)
            {
                float middle = above + ((last - above) / 2);
                double mass = MassUpTo(keys[..count], masses[..count], middle);
                if (MassSelection.Reaches(before + mass, target, exceed))
                {
                    last = middle;
                    isReached = true;
                }
                else
                {
                    above = middle;
                    dropped = mass;
                }
            }

            before += dropped;
            previous = count;
            count = KeepRange(keys[..count], masses[..count], above, last);
        }

        return count;
    }

    /// <summary>A number below the smallest key, and the largest key.</summary>
    private static (float Above, float Last) Range(ReadOnlySpan<float> keys)
    {
        Vector512<float> smallest = Vector512.Create(float.MaxValue);
        Vector512<float> largest = Vector512.Create(float.MinValue);
        ReadOnlySpan<Vector512<float>> vectors = MemoryMarshal.Cast<float, Vector512<float>>(keys);
        foreach (Vector512<float> vector in vectors)
        {
            smallest = Vector512.MinNative(smallest, vector);
            largest = Vector512.MaxNative(largest, vector);
        }

        (float least, float most) = (float.MaxValue, float.MinValue);
        for (int lane = 0; lane < Vector512<float>.Count; lane++)
        {
            (least, most) = (MathF.Min(least, smallest[lane]), MathF.Max(most, largest[lane]));
        }

        foreach (float key in keys[(vectors.Length * Vector512<float>.Count)..])
        {
            (least, most) = (MathF.Min(least, key), MathF.Max(most, key));
        }

        return (MathF.BitDecrement(least), most);
    }

    private static double MassUpTo(ReadOnlySpan<float> keys, ReadOnlySpan<float> masses, float limit)
    {
        double total = 0;
        ref float firstKey = ref MemoryMarshal.GetReference(keys);
        ref float firstMass = ref MemoryMarshal.GetReference(masses);
        int index = 0;
        while (index <= keys.Length - Vector512<float>.Count)
        {
            int end = Math.Min(index + Softmax.Block, keys.Length) - Vector512<float>.Count;
            Vector512<float> sum = Vector512<float>.Zero;
            for (; index <= end; index += Vector512<float>.Count)
            {
                Vector512<float> isNear = Vector512.LessThanOrEqual(Vector512.LoadUnsafe(ref firstKey, (nuint)index), Vector512.Create(limit));
                sum += Vector512.LoadUnsafe(ref firstMass, (nuint)index) & isNear;
            }

            total += Vector512.Sum(sum);
        }

        for (; index < keys.Length; index++)
        {
            total += keys[index] <= limit ? masses[index] : 0;
        }

        return total;
    }

    /// <summary>Moves the items with above &lt; key ≤ last to the front, in their order.</summary>
    private static int KeepRange(Span<float> keys, Span<float> masses, float above, float last)
    {
        ref float firstKey = ref MemoryMarshal.GetReference(keys);
        int count = 0;
        int index = 0;
        for (; index <= keys.Length - Vector512<float>.Count; index += Vector512<float>.Count)
        {
            Vector512<float> key = Vector512.LoadUnsafe(ref firstKey, (nuint)index);
            Vector512<float> isIn = Vector512.GreaterThan(key, Vector512.Create(above)) & Vector512.LessThanOrEqual(key, Vector512.Create(last));
            for (ulong bits = isIn.ExtractMostSignificantBits(); bits != 0; bits &= bits - 1)
            {
                Move(keys, masses, index + BitOperations.TrailingZeroCount(bits), count++);
            }
        }

        for (; index < keys.Length; index++)
        {
            if (keys[index] > above && keys[index] <= last)
            {
                Move(keys, masses, index, count++);
            }
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Move(Span<float> keys, Span<float> masses, int from, int to) => (keys[to], masses[to]) = (keys[from], masses[from]);
}
