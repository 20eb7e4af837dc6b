using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Scheduling.Prefixes;

namespace LlamaProvider.Decoding.Scheduling;

/// <summary>Plans the loop's steps: shows the policy how requests and context stand, and makes room where the policy lacks some.</summary>
/// <param name="context">The context; its thread's.</param>
/// <param name="policy">Plans each step.</param>
/// <param name="pace">How many prompt tokens a step may have beside running answers.</param>
/// <param name="prefixes">What is kept of ended requests, which may go.</param>
/// <param name="sequences">The context's sequences that requests may hold.</param>
internal sealed class LoopPlanner(IModelContext context, ISchedulingPolicy policy, PromptPace pace, PrefixStore prefixes, int sequences)
{
    private readonly SchedulerSnapshot _snapshot = new(context.Limits);
    private readonly StepPlan _plan = new();

    /// <summary>What the plan counted as free.</summary>
    public int FreeCells => _snapshot.FreeCells;

    /// <summary>Plans a step, and admits the requests that it gives work to.</summary>
    /// <returns>The plan; valid until the next call.</returns>
    public StepPlan Plan(List<RequestRun> runs)
    {
        do
        {
            PlanWithRoom(runs);
        }
        while (AdmitPlanned(runs));

        return _plan;
    }

    /// <summary>Notes whose turn it was.</summary>
    public void Took(AdapterSet adapters) => _snapshot.Turns.Took(adapters);

    private void PlanWithRoom(List<RequestRun> runs)
    {
        _snapshot.HoldsNothingToGiveUp = false;
        PlanOnce(runs);
        if (_plan.Missing is { } missing && MakeRoom(missing, runs))
        {
            PlanOnce(runs);
        }
    }

    private void PlanOnce(List<RequestRun> runs)
    {
        int held = 0;
        _snapshot.Turns.Update(runs);
        _snapshot.Requests.Clear();
        foreach (RequestRun run in runs)
        {
            held += run.Sequences.Count;
            _snapshot.Requests.Add(run.Snapshot());
        }

        _snapshot.PromptTokensBesideAnswers = pace.Tokens;
        _snapshot.FreeCells = context.FreeCells;
        _snapshot.FreeSequences = sequences - held;
        _plan.Clear();
        policy.Plan(_snapshot, _plan);
    }

    /// <summary>Lets kept prefixes go where that makes room enough, those last that the request itself would begin with.</summary>
    /// <returns>Whether the step must be planned anew.</returns>
    private bool MakeRoom(MissingCells missing, List<RequestRun> runs)
    {
        int wanted = _snapshot.FreeCells + missing.Cells;
        if (prefixes.TryReclaim(wanted, runs[missing.Request]))
        {
            return true;
        }

        if (!_plan.IsEmpty)
        {
            return false;
        }

        // No request will free cells, so this is all the room that there will ever be.
        _snapshot.HoldsNothingToGiveUp = !prefixes.TryReclaim(wanted, spared: null);
        return true;
    }

    /// <returns>Whether the step must be planned anew, because a request has less left to be evaluated than it was planned for.</returns>
    private bool AdmitPlanned(List<RequestRun> runs)
    {
        bool changed = false;
        foreach (PlannedWork work in _plan.Work)
        {
            changed |= runs[work.Request].Admit();
        }

        return changed;
    }
}
