namespace LlamaProvider.Benchmarks.Constraints;

/// <summary>The results of one part of the rows.</summary>
internal sealed record Turn(IReadOnlyList<RowResult> Ours, IReadOnlyList<RowResult> Peer)
{
    /// <summary>Runs the rows in parts, each through ours and the peer in turn, so that what the machine does meanwhile hits both.</summary>
    public static async Task<IReadOnlyList<Turn>> TakeAsync(IReadOnlyList<MaskBenchRow> rows, int count, IRowJudge ours, IRowJudge? peer)
    {
        // What was read and warmed up is old by now; otherwise the first masks would wait until the collector has found that out.
        GC.Collect();
        var turns = new List<Turn>();
        for (int turn = 0; turn < Math.Min(count, rows.Count); turn++)
        {
            MaskBenchRow[] part = rows.Part(turn, count);

            // The order changes with the turn: whoever runs second finds warmer caches.
            bool oursFirst = turn % 2 == 0;
            IReadOnlyList<RowResult> first = await JudgeAsync(part, oursFirst ? ours : peer);
            IReadOnlyList<RowResult> second = await JudgeAsync(part, oursFirst ? peer : ours);
            turns.Add(oursFirst ? new Turn(first, second) : new Turn(second, first));
        }

        return turns;
    }

    /// <summary>The rows whose schema both accept.</summary>
    public Turn OfBoth()
    {
        bool[] both = [.. Ours.Zip(Peer, (ours, peer) => ours.Error is null && peer.Error is null)];
        return new Turn([.. Ours.Where((_, index) => both[index])], [.. Peer.Where((_, index) => both[index])]);
    }

    private static async Task<IReadOnlyList<RowResult>> JudgeAsync(MaskBenchRow[] rows, IRowJudge? judge)
    {
        var results = new List<RowResult>();
        if (judge is not null)
        {
            foreach (MaskBenchRow row in rows)
            {
                results.Add(await judge.JudgeAsync(row));
            }
        }

        return results;
    }
}
