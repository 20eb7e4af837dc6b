using LlamaProvider.Visualization.Measurements;

namespace DecodingLab.Calibration;

/// <summary>A value, how certain the model said it was, and whether it was right.</summary>
internal readonly record struct JudgedValue(string Member, double Probability, bool IsRight);

/// <summary>Compares stated probabilities with what came true.</summary>
internal static class Reliability
{
    /// <summary>Where groups end: narrow ones near 0 and 1, where most values are.</summary>
    public static IReadOnlyList<double> Ends { get; } = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1];

    /// <summary>The groups that have values, by stated probability.</summary>
    public static IReadOnlyList<ReliabilityBin> Bins(IReadOnlyCollection<JudgedValue> values) =>
    [
        .. values.GroupBy(static value => Group(value.Probability)).OrderBy(static group => group.Key)
            .Select(static group => new ReliabilityBin(group.Count(), group.Average(static value => value.Probability), group.Average(static value => value.IsRight ? 1.0 : 0))),
    ];

    /// <summary>The expected calibration error: by how much stated and observed differ, over all values.</summary>
    public static double Error(IReadOnlyCollection<JudgedValue> values) => Bins(values).Sum(bin => bin.Count * Math.Abs(bin.Stated - bin.Observed)) / values.Count;

    /// <summary>The group of a probability.</summary>
    public static int Group(double probability)
    {
        int group = 0;
        while (group < Ends.Count - 1 && probability >= Ends[group])
        {
            group++;
        }

        return group;
    }
}
