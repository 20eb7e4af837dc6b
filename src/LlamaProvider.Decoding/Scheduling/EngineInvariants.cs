using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Scheduling.Prefixes;

namespace LlamaProvider.Decoding.Scheduling;

/// <summary>What must hold after every step. Checked in Debug builds and in tests.</summary>
internal static class EngineInvariants
{
    public static void Check(EngineLoop loop)
    {
        var owners = new HashSet<int>();
        foreach (RequestRun run in loop.Runs)
        {
            Require(run.End is null, "An ended request is still in the loop.");
            foreach (HeldSequence sequence in run.Sequences)
            {
                RequireOwner(loop, owners, sequence.Number, sequence.Tokens.Count);
            }
        }

        foreach (RetainedSequence sequence in loop.Prefixes.Sequences)
        {
            RequireOwner(loop, owners, sequence.Number, sequence.Length);
        }

        Require(
            loop.Prefixes.Sequences.Count <= loop.Prefixes.Capacity,
            $"{loop.Prefixes.Sequences.Count} sequences are kept, but only {loop.Prefixes.Capacity} may be.");

        Require(
            owners.Count + loop.Prefixes.Pool.FreeCount == loop.Context.Limits.Sequences,
            $"{owners.Count} sequences are held and {loop.Prefixes.Pool.FreeCount} free, but there are {loop.Context.Limits.Sequences}.");
        for (int sequence = 0; sequence < loop.Context.Limits.Sequences; sequence++)
        {
            PositionRange held = loop.Context.GetPositions(sequence);
            Require(owners.Contains(sequence) || held.IsEmpty, $"Sequence {sequence} has no owner but holds {held.Count} positions.");
        }

        Require(loop.Context.FreeCells >= 0, $"{-loop.Context.FreeCells} more cells are counted than there are.");
    }

    private static void RequireOwner(EngineLoop loop, HashSet<int> owners, int sequence, int tokens)
    {
        Require(owners.Add(sequence), $"Sequence {sequence} has two owners.");
        PositionRange held = loop.Context.GetPositions(sequence);
        Require(held.End == tokens, $"Sequence {sequence} holds positions up to {held.End}, but its owner has put {tokens} tokens into it.");
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"Engine invariant broken: {message}");
        }
    }
}
