namespace LlamaProvider.Benchmarks.Constraints;

/// <summary>A number that stands for many.</summary>
internal sealed record Statistic(string Name, Func<double[], double> Of)
{
    public static Statistic Mean { get; } = new("mean", values => values.Average());

    public static Statistic Median { get; } = Percentile("p50", 0.5);

    public static Statistic Percentile99 { get; } = Percentile("p99", 0.99);

    public static Statistic Maximum { get; } = new("max", values => values.Max());

    private static Statistic Percentile(string name, double share) =>
        new(name, values => values.Order().ElementAt(Math.Min(values.Length - 1, (int)(values.Length * share))));
}
