namespace LlamaProvider.Decoding.Scheduling;

/// <summary>Decides what the next step does. A pure function of the snapshot: it keeps nothing and changes nothing but the plan.</summary>
internal interface ISchedulingPolicy
{
    /// <param name="snapshot">The state to decide from.</param>
    /// <param name="plan">An empty plan to fill.</param>
    void Plan(SchedulerSnapshot snapshot, StepPlan plan);
}
