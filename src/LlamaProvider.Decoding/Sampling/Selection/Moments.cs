using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LlamaProvider.Decoding.Sampling.Selection;

/// <summary>Mean and standard deviation of the finite values of a row.</summary>
/// <param name="Count">How many values are finite.</param>
/// <param name="Mean">Their mean; 0 for none.</param>
/// <param name="StandardDeviation">√(Σ(x − mean)² / n), the population's; 0 for none.</param>
internal readonly record struct Moments(int Count, double Mean, double StandardDeviation)
{
    /// <summary>Measures a row, in the lanes and blocks of <see cref="Softmax"/> and so with the same bits on every machine.</summary>
    public static Moments Of(ReadOnlySpan<float> values)
    {
        double count = Sum<One>(values, 0);
        if (count == 0)
        {
            return default;
        }

        double mean = Sum<Self>(values, 0) / count;
        return new Moments((int)count, mean, Math.Sqrt(Sum<SquaredDistance>(values, (float)mean) / count));
    }

    private static double Sum<TTerm>(ReadOnlySpan<float> values, float center)
        where TTerm : struct, ITerm
    {
        double total = 0;
        Vector512<float> around = Vector512.Create(center);
        Span<float> padded = stackalloc float[Vector512<float>.Count];
        for (int start = 0; start < values.Length; start += Softmax.Block)
        {
            int end = Math.Min(start + Softmax.Block, values.Length);
            Vector512<float> sum = Vector512<float>.Zero;
            int index = start;
            for (; index <= end - Vector512<float>.Count; index += Vector512<float>.Count)
            {
                sum += Finite<TTerm>(Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(values), (nuint)index), around);
            }

            if (index < end)
            {
                padded.Fill(float.NaN);
                values[index..end].CopyTo(padded);
                sum += Finite<TTerm>(Vector512.Create<float>(padded), around);
            }

            total += Vector512.Sum(sum);
        }

        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Finite<TTerm>(Vector512<float> values, Vector512<float> center)
        where TTerm : struct, ITerm
    {
        Vector512<float> finite = Vector512.LessThanOrEqual(Vector512.Abs(values), Vector512.Create(float.MaxValue));
        return Vector512.ConditionalSelect(finite, TTerm.Of(values, center), Vector512<float>.Zero);
    }

    private interface ITerm
    {
        static abstract Vector512<float> Of(Vector512<float> values, Vector512<float> center);
    }

    private readonly struct One : ITerm
    {
        public static Vector512<float> Of(Vector512<float> values, Vector512<float> center) => Vector512<float>.One;
    }

    private readonly struct Self : ITerm
    {
        public static Vector512<float> Of(Vector512<float> values, Vector512<float> center) => values;
    }

    private readonly struct SquaredDistance : ITerm
    {
        public static Vector512<float> Of(Vector512<float> values, Vector512<float> center) => (values - center) * (values - center);
    }
}
