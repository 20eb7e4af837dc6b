namespace LlamaProvider.Decoding.Scheduling;

/// <summary>What the next step does. Requests are named by their index in the snapshot.</summary>
internal sealed class StepPlan
{
    /// <summary>What is evaluated, in this order. A request that is not admitted yet is admitted first.</summary>
    public List<PlannedWork> Work { get; } = [];

    /// <summary>A request whose cells are taken away, to be computed again later.</summary>
    public int? Preempt { get; set; }

    /// <summary>A request that has the context for itself and still does not fit: it forgets its oldest tokens, or ends.</summary>
    public int? Exhausted { get; set; }

    /// <summary>
    /// What could be done now but for free cells. If kept prefixes can make room, they do, and the step is planned anew; otherwise the rest of the plan holds.
    /// </summary>
    public MissingCells? Missing { get; set; }

    /// <summary>Whether the step changes nothing.</summary>
    public bool IsEmpty => Work.Count == 0 && Preempt is null && Exhausted is null;

    public void Clear()
    {
        Work.Clear();
        Preempt = null;
        Exhausted = null;
        Missing = null;
    }
}

/// <summary>The part of one request in a step.</summary>
/// <param name="Request">Index in the snapshot.</param>
/// <param name="DivisibleTokens">How many of its divisible tokens are evaluated.</param>
/// <param name="Final">Whether its final tokens are evaluated too, which completes its step.</param>
internal readonly record struct PlannedWork(int Request, int DivisibleTokens, bool Final);

/// <summary>Cells that are not free but needed.</summary>
/// <param name="Request">The request that needs them: its index in the snapshot.</param>
/// <param name="Cells">How many more than there are.</param>
internal readonly record struct MissingCells(int Request, int Cells);
