namespace LlamaProvider.Decoding.Scheduling;

/// <summary>What the next step does. Requests are named by their index in the snapshot.</summary>
internal sealed class StepPlan
{
    /// <summary>What is evaluated, in this order. A request that is not admitted yet is admitted first.</summary>
    public List<PlannedWork> Work { get; } = [];

    /// <summary>A request whose cells are taken away, to be computed again later.</summary>
    public int? Preempt { get; set; }

    /// <summary>A request that has the context for itself and still does not fit: it ends.</summary>
    public int? Exhausted { get; set; }

    /// <summary>
    /// Free cells that are lacking for something that could otherwise be done now. If kept prefixes can make room, they do, and the step is planned anew;
    /// otherwise the rest of the plan holds.
    /// </summary>
    public int MissingCells { get; set; }

    public void Clear()
    {
        Work.Clear();
        Preempt = null;
        Exhausted = null;
        MissingCells = 0;
    }
}

/// <summary>The part of one request in a step.</summary>
/// <param name="Request">Index in the snapshot.</param>
/// <param name="DivisibleTokens">How many of its divisible tokens are evaluated.</param>
/// <param name="Final">Whether its final tokens are evaluated too, which completes its step.</param>
internal readonly record struct PlannedWork(int Request, int DivisibleTokens, bool Final);
