using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Scheduling;

/// <summary>What must hold after every step. Checked in Debug builds and in tests.</summary>
internal static class EngineInvariants
{
    public static void Check(EngineLoop loop)
    {
        var owners = new Dictionary<int, RequestRun>();
        foreach (RequestRun run in loop.Runs)
        {
            Require(run.End is null, "An ended request is still in the loop.");
            foreach (int sequence in run.Sequences)
            {
                Require(owners.TryAdd(sequence, run), $"Sequence {sequence} has two owners.");
            }
        }

        Require(
            owners.Count + loop.Pool.FreeCount == loop.Context.Limits.Sequences,
            $"{owners.Count} sequences are held and {loop.Pool.FreeCount} free, but there are {loop.Context.Limits.Sequences}.");
        for (int sequence = 0; sequence < loop.Context.Limits.Sequences; sequence++)
        {
            PositionRange held = loop.Context.GetPositions(sequence);
            Require(owners.ContainsKey(sequence) || held.IsEmpty, $"Sequence {sequence} has no owner but holds {held.Count} positions.");
        }

        Require(loop.Context.FreeCells >= 0, $"{-loop.Context.FreeCells} more cells are counted than there are.");
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"Engine invariant broken: {message}");
        }
    }
}
