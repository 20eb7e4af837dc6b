using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LlamaProvider.Decoding.Sampling.Selection;

/// <summary>Unnormalised probabilities of a row of logits and sums over them.</summary>
/// <remarks>
/// With m the largest logit the weights w_i = exp(l_i − m) lie between 0 and 1, but for rounding, and one of them is 1, so their sum neither overflows nor
/// vanishes. Values that are not finite, or 87 and more below the largest, weigh nothing. Sums run in 16 lanes over blocks of <see cref="Block"/> values, and
/// from block to block in double precision, whatever the processor's width: the same logits give the same bits on every machine, hence the same draws.
/// </remarks>
internal static class Softmax
{
    /// <summary>Values of one block.</summary>
    public const int Block = 256;

    public static int BlockCount(int values) => (values + Block - 1) / Block;

    /// <summary>Computes the weights.</summary>
    /// <param name="logits">The logits.</param>
    /// <param name="largest">The largest finite one.</param>
    /// <param name="weights">Receives the weights.</param>
    /// <param name="blockSums">Receives the sum of each block of weights.</param>
    /// <returns>The sum of all weights.</returns>
    public static double Weigh(ReadOnlySpan<float> logits, float largest, Span<float> weights, Span<double> blockSums)
    {
        double total = 0;
        Vector512<float> shift = Vector512.Create(largest);
        for (int block = 0; block < blockSums.Length; block++)
        {
            int start = block * Block;
            int length = Math.Min(Block, logits.Length - start);
            double sum = WeighBlock(logits.Slice(start, length), shift, weights.Slice(start, length));
            blockSums[block] = sum;
            total += sum;
        }

        return total;
    }

    /// <summary>Σ w_i · (l_i − m), from which the entropy follows without a logarithm an item: H = ln Z − Σ w_i (l_i − m) / Z.</summary>
    public static double WeightedSum(ReadOnlySpan<float> logits, float largest, ReadOnlySpan<float> weights)
    {
        double total = 0;
        Vector512<float> shift = Vector512.Create(largest);
        Span<float> padded = stackalloc float[2 * Vector512<float>.Count];
        for (int start = 0; start < logits.Length; start += Block)
        {
            int end = Math.Min(start + Block, logits.Length);
            Vector512<float> sum = Vector512<float>.Zero;
            int index = start;
            for (; index <= end - Vector512<float>.Count; index += Vector512<float>.Count)
            {
                sum += Product(logits, weights, index, shift);
            }

            if (index < end)
            {
                padded.Clear();
                logits[index..end].CopyTo(padded);
                weights[index..end].CopyTo(padded[Vector512<float>.Count..]);
                sum += Product(padded, padded[Vector512<float>.Count..], 0, shift);
            }

            total += Vector512.Sum(sum);
        }

        return total;
    }

    private static double WeighBlock(ReadOnlySpan<float> logits, Vector512<float> shift, Span<float> weights)
    {
        Vector512<float> sum = Vector512<float>.Zero;
        int index = 0;
        for (; index <= logits.Length - Vector512<float>.Count; index += Vector512<float>.Count)
        {
            Vector512<float> weight = Weight(Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(logits), (nuint)index), shift);
            weight.StoreUnsafe(ref MemoryMarshal.GetReference(weights), (nuint)index);
            sum += weight;
        }

        if (index < logits.Length)
        {
            Span<float> padded = stackalloc float[Vector512<float>.Count];
            padded.Fill(float.NegativeInfinity);
            logits[index..].CopyTo(padded);
            Vector512<float> weight = Weight(Vector512.Create<float>(padded), shift);
            weight.CopyTo(padded);
            padded[..(logits.Length - index)].CopyTo(weights[index..]);
            sum += weight;
        }

        return Vector512.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Weight(Vector512<float> logits, Vector512<float> shift)
    {
        Vector512<float> countable = Vector512.LessThanOrEqual(Vector512.Abs(logits), Vector512.Create(float.MaxValue));
        return Vector512.ConditionalSelect(countable, Exponential.OfAtMostZero(logits - shift), Vector512<float>.Zero);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Product(ReadOnlySpan<float> logits, ReadOnlySpan<float> weights, int index, Vector512<float> shift)
    {
        Vector512<float> weight = Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(weights), (nuint)index);
        Vector512<float> distance = Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(logits), (nuint)index) - shift;

        // A masked value has weight 0 and distance −∞; their product would be NaN.
        return Vector512.ConditionalSelect(Vector512.GreaterThan(weight, Vector512<float>.Zero), weight * distance, Vector512<float>.Zero);
    }
}
