using CsCheck;

namespace LlamaProvider.Decoding.Tests.Sampling;

/// <summary>Rows of logits for laws, and what a sort and double precision say about them.</summary>
internal static class LogitRows
{
    private static readonly Gen<float> NotFinite = Gen.OneOf(float.NaN, float.NegativeInfinity, float.PositiveInfinity);
    private static readonly Gen<float> Value =
        Gen.Frequency((4, Gen.Float[-20, 20]), (4, Gen.Int[-40, 40].Select(eighths => eighths / 8f)), (1, NotFinite));

    private static readonly Gen<float> ExtremeValue = Gen.Frequency(
        (3, Gen.OneOf(float.MaxValue, float.MinValue, 3e38f, -3e38f, 1e30f, -1e30f, float.Epsilon, 0f, -0f)), (2, Gen.Float[-20, 20]), (1, NotFinite));

    /// <summary>Ties, values that are not finite, lengths on both sides of vectors and blocks; at least one value is finite.</summary>
    public static Gen<float[]> Any { get; } =
        Gen.OneOf(Value.Array[1, 8], Value.Array[1, 80], Value.Array[200, 600]).Select(row => row.Any(float.IsFinite) ? row : [.. row, 0f]);

    /// <summary>As <see cref="Any"/>, with values at the ends of a float's range.</summary>
    public static Gen<float[]> Extreme { get; } = ExtremeValue.Array[1, 80].Select(row => row.Any(float.IsFinite) ? row : [.. row, 0f]);

    /// <summary>The tokens with finite logits, the most probable first; of equal ones the lowest first.</summary>
    public static int[] Ranking(float[] row) => [.. Enumerable.Range(0, row.Length).Where(i => float.IsFinite(row[i])).OrderByDescending(i => row[i])];

    public static double Entropy(IEnumerable<double> probabilities) => -probabilities.Where(p => p > 0).Sum(p => p * Math.Log(p));

    /// <summary>The first tokens of a ranking, as many as there are.</summary>
    public static int[] First(int[] ranking, int count) => ranking[..Math.Clamp(count, 0, ranking.Length)];

    /// <summary>Asserts that a set lies between two others; rounding may decide on tokens that only the larger holds.</summary>
    public static void AssertBetween(int[] least, int[] actual, int[] most)
    {
        Assert.Superset(new HashSet<int>(least), new HashSet<int>(actual));
        Assert.Subset(new HashSet<int>(most), new HashSet<int>(actual));
    }
}
