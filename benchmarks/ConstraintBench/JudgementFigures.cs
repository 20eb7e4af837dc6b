using LlamaProvider.Benchmarks.Support;

namespace LlamaProvider.Benchmarks.Constraints;

/// <summary>What was judged right and wrong.</summary>
/// <param name="turns">The results.</param>
/// <param name="peer">The peer's name, when there is one.</param>
/// <param name="reason">Why it could not run.</param>
internal sealed class JudgementFigures(IReadOnlyList<Turn> turns, string? peer, string? reason)
{
    private readonly RowResult[] _ours = [.. turns.SelectMany(turn => turn.Ours)];
    private readonly RowResult[] _peer = [.. turns.SelectMany(turn => turn.Peer)];

    public IEnumerable<BenchmarkRow> Rows()
    {
        return
        [
            Compare("schemas compiled", "schemas", moreIsBetter: true, Compiled),
            Compare("schemas passed whole", "schemas", moreIsBetter: true, Passed),
            Compare("schemas passed whole, share", "%", moreIsBetter: true, results => Share(Passed(results), results.Length)),
            Compare("valid rejected", "instances", moreIsBetter: false, Rejected),
            Compare("valid rejected, share of compiled schemas'", "%", moreIsBetter: false, results => Share(Rejected(results), Judged(results, isValid: true))),
            Compare("invalid accepted", "instances", moreIsBetter: false, Accepted),
            Compare("invalid accepted, share of compiled schemas'", "%", moreIsBetter: false, results => Share(Accepted(results), Judged(results, isValid: false))),
            .. Refusals(),
        ];
    }

    private static double Compiled(RowResult[] results) => results.Count(result => result.Error is null);

    private static double Passed(RowResult[] results) => results.Count(result => result.PassedWhole);

    private static double Rejected(RowResult[] results) => results.Sum(result => result.ValidRejected.Count);

    private static double Accepted(RowResult[] results) => results.Sum(result => result.InvalidAccepted.Count);

    private static double Judged(RowResult[] results, bool isValid) =>
        results.Where(result => result.Error is null).Sum(result => result.Row.Instances.Count(instance => instance.IsValid == isValid));

    private static double Share(double part, double whole) => whole == 0 ? 0 : 100 * part / whole;

    private BenchmarkRow Compare(string figure, string unit, bool moreIsBetter, Func<RowResult[], double> value)
    {
        double ours = value(_ours);
        if (_peer.Length == 0)
        {
            return new BenchmarkRow(figure, ours, peer, null, unit, null, null, reason);
        }

        double other = value(_peer);
        return new BenchmarkRow(figure, ours, peer, other, unit, null, null).WithRatios(moreIsBetter ? ours / other : other / ours);
    }

    /// <summary>For each kind of error of either: how many schemas, and how many of these the other refuses too.</summary>
    private IEnumerable<BenchmarkRow> Refusals()
    {
        foreach (IGrouping<string, RowResult> kind in Kinds(_ours))
        {
            yield return new BenchmarkRow(
                $"refused by ours: {kind.Key}", kind.Count(), peer, _peer.Length == 0 ? null : CountRefused(_peer, kind), "schemas", null, null, reason);
        }

        foreach (IGrouping<string, RowResult> kind in Kinds(_peer))
        {
            yield return new BenchmarkRow($"refused by {peer}: {kind.Key}", CountRefused(_ours, kind), peer, kind.Count(), "schemas", null, null);
        }
    }

    private static IEnumerable<IGrouping<string, RowResult>> Kinds(RowResult[] results) =>
        results.Where(result => result.Error is not null).GroupBy(result => result.Error!.Kind).OrderByDescending(kind => kind.Count());

    private static int CountRefused(RowResult[] results, IEnumerable<RowResult> among)
    {
        var rows = among.Select(result => result.Row).ToHashSet(ReferenceEqualityComparer.Instance);
        return results.Count(result => result.Error is not null && rows.Contains(result.Row));
    }
}
