namespace HostedService.Load;

/// <summary>What a load test has found.</summary>
/// <param name="Results">All requests.</param>
/// <param name="Memory">The service's memory in mebibytes, second by second.</param>
/// <param name="Elapsed">From the first request to the last answer.</param>
internal sealed record LoadReport(IReadOnlyList<LoadResult> Results, IReadOnlyList<double> Memory, TimeSpan Elapsed)
{
    /// <summary>The memory's median after a quarter of the time, when caches are warm: the second quarter.</summary>
    public double EarlyMemory => Median([.. Memory.Skip(Memory.Count / 4).Take(Math.Max(1, Memory.Count / 4))]);

    /// <summary>The memory's median in the last quarter.</summary>
    public double LateMemory => Median([.. Memory.TakeLast(Math.Max(1, Memory.Count / 4))]);

    public int Count(LoadOutcome outcome) => Results.Count(result => result.Outcome == outcome);

    /// <summary>What went wrong, each once, with how often.</summary>
    public IEnumerable<string> Complaints() =>
        Results.Where(static result => result.Note is not null).GroupBy(static result => result.Note).Select(static group => $"{group.Count()} x {group.Key}");

    /// <summary>Milliseconds that a share of the requests did not exceed.</summary>
    public static double Percentile(IEnumerable<TimeSpan> times, double share)
    {
        double[] sorted = [.. times.Select(static time => time.TotalMilliseconds).Order()];
        return sorted.Length == 0 ? 0 : sorted[(int)Math.Min(sorted.Length - 1, share * sorted.Length)];
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values.Length == 0 ? 0 : values[values.Length / 2];
    }
}
