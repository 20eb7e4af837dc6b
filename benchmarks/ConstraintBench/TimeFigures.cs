using LlamaProvider.Benchmarks.Support;

namespace LlamaProvider.Benchmarks.Constraints;

/// <summary>How long masks take.</summary>
/// <param name="turns">The results.</param>
/// <param name="peer">The peer's name, when there is one.</param>
/// <param name="reason">Why it could not run.</param>
internal sealed class TimeFigures(IReadOnlyList<Turn> turns, string? peer, string? reason)
{
    private const string Unit = "µs";

    private static readonly Statistic[] OfMasks = [Statistic.Mean, Statistic.Median, Statistic.Percentile99, Statistic.Maximum];

    /// <summary>What masks took, by what is known.</summary>
    public static IEnumerable<double> Masks(IEnumerable<RowResult> results, Func<MaskTime, float> time) =>
        results.SelectMany(result => result.Masks).Select(mask => (double)time(mask)).Where(static value => !double.IsNaN(value));

    /// <summary>Ours alone: mean, median, 99th percentile and maximum; nothing of no times.</summary>
    public static IEnumerable<BenchmarkRow> Ours(string figure, IReadOnlyCollection<double> times) =>
        times.Count == 0 ? [] : OfMasks.Select(statistic => new BenchmarkRow($"{figure}, {statistic.Name}", statistic.Of([.. times]), null, null, Unit, null, null));

    public IEnumerable<BenchmarkRow> Rows()
    {
        IEnumerable<BenchmarkRow?> rows =
        [
            .. Compare("from schema to first mask", Firsts, [Statistic.Median, Statistic.Percentile99, Statistic.Maximum]),
            .. Compare("mask", results => Masks(results, static mask => mask.Elapsed), OfMasks),
            .. Compare(
                "mask without the garbage collector's pauses", results => Masks(results, static mask => mask.Unpaused), [Statistic.Mean, Statistic.Percentile99, Statistic.Maximum]),
            .. Compare("from schema to refusal", Refusals, [Statistic.Median, Statistic.Maximum], areSameRows: false),
        ];
        return rows.OfType<BenchmarkRow>();
    }

    private static IEnumerable<double> Firsts(IEnumerable<RowResult> results) => results.Where(result => result.Error is null).Select(result => result.First);

    private static IEnumerable<double> Refusals(IEnumerable<RowResult> results) => results.Where(result => result.Error is not null).Select(result => result.First);

    private IEnumerable<BenchmarkRow?> Compare(
        string figure, Func<IEnumerable<RowResult>, IEnumerable<double>> times, IReadOnlyList<Statistic> statistics, bool areSameRows = true)
    {
        double[] ours = [.. times(turns.SelectMany(turn => turn.Ours))];
        double[] others = [.. times(turns.SelectMany(turn => turn.Peer))];
        return statistics.Select(statistic => ours.Length == 0 ? null : new BenchmarkRow(
            $"{figure}, {statistic.Name}", statistic.Of(ours), peer, others.Length == 0 ? null : statistic.Of(others), Unit, null, null, reason)
            .WithRatios(areSameRows ? Ratios(times, statistic) : []));
    }

    /// <summary>The ratio of each turn, over the rows whose schema both accept: who refuses the hard ones is not the faster for it.</summary>
    private double[] Ratios(Func<IEnumerable<RowResult>, IEnumerable<double>> times, Statistic statistic)
    {
        IEnumerable<Turn> common = turns.Where(turn => turn.Peer.Count > 0).Select(turn => turn.OfBoth());
        return
        [
            .. common.Select(turn => (Ours: times(turn.Ours).ToArray(), Peer: times(turn.Peer).ToArray()))
                .Where(part => part.Ours.Length > 0 && part.Peer.Length > 0)
                .Select(part => statistic.Of(part.Peer) / statistic.Of(part.Ours)),
        ];
    }
}
