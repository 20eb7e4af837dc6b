using System.Runtime.InteropServices;

namespace LlamaProvider.Benchmarks.Sampling;

/// <summary>Rows of logits that look like a language model's, the same on every run. Aligned as llama.cpp aligns its output.</summary>
internal sealed unsafe class LogitRows : IDisposable
{
    /// <summary>Rows that are cycled through, so that neither caches nor branch predictors know one by heart.</summary>
    public const int Count = 16;

    private const nuint CacheLine = 64;
    private readonly float* _values;
    private readonly int _length;

    private LogitRows(int length)
    {
        _length = length;
        _values = (float*)NativeMemory.AlignedAlloc((nuint)length * Count * sizeof(float), CacheLine);
    }

    public ReadOnlySpan<float> this[int row] => Row(row % Count);

    /// <summary>
    /// Normal noise of standard deviation 2.5 and 48 peaks above it that fall off by Zipf's law: some rows are nearly certain, in others the noise holds a
    /// twentieth of the probability.
    /// </summary>
    public static LogitRows LikeModel(int length) => Create(length, deviation: 2.5, static (random, row) =>
    {
        double highest = 17 + (4 * random.NextDouble());
        double exponent = 1.2 + random.NextDouble();
        for (int peak = 1; peak <= 48; peak++)
        {
            row[FrequentToken(random, row.Length)] = (float)(highest - (exponent * Math.Log(peak)) - (0.5 * random.NextDouble()));
        }
    });

    /// <summary>Normal noise of standard deviation 1: hardly anything can be left out.</summary>
    public static LogitRows Flat(int length) => Create(length, deviation: 1, static (_, _) => { });

    /// <summary>A token drawn by Zipf's law, of which tokenizers give low numbers to frequent ones.</summary>
    public static int FrequentToken(Random random, int count) => (int)Math.Pow(count, random.NextDouble()) - 1;

    public void Dispose() => NativeMemory.AlignedFree(_values);

    private static LogitRows Create(int length, double deviation, Action<Random, float[]> addPeaks)
    {
        var rows = new LogitRows(length);
        var random = new Random(length);
        float[] values = new float[length];
        for (int row = 0; row < Count; row++)
        {
            for (int i = 0; i < length; i++)
            {
                double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
                values[i] = (float)(deviation * radius * Math.Cos(2 * Math.PI * random.NextDouble()));
            }

            addPeaks(random, values);
            values.CopyTo(rows.Row(row));
        }

        return rows;
    }

    private Span<float> Row(int row) => new(_values + ((nint)row * _length), _length);
}
