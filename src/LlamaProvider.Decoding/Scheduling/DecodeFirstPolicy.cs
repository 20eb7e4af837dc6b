namespace LlamaProvider.Decoding.Scheduling;

/// <summary>
/// Running answers first, each with its one step; what is left of the batch goes to prompts, in chunks. First come, first served within a priority.
/// </summary>
/// <remarks>
/// Beside running answers, prompts have as many tokens of a step as <see cref="SchedulerSnapshot.PromptTokensBesideAnswers"/> says, so a long prompt holds them up
/// only for a bounded time, and no prompt waits for an answer to end.
/// <para>
/// While several prompts are there, each in turn takes at most half of what is left of the batch: a short one gets through beside a long one that came
/// before it, and those that came first still end first. What the later ones cannot use goes back to the earlier ones, so no room in a batch is left empty.
/// </para>
/// <para>
/// A request is admitted when its turn comes and all that it needs now fits beside one more token for each running answer; a later, smaller one does
/// not overtake it. When a running request finds no cell, the last one in order gives up its cells and waits again, so the first always gets on and
/// every request ends.
/// </para>
/// </remarks>
internal sealed class DecodeFirstPolicy : ISchedulingPolicy
{
    public void Plan(SchedulerSnapshot snapshot, StepPlan plan)
    {
        var budget = new StepBudget(snapshot);
        bool starved = false;
        for (int index = 0; index < snapshot.Requests.Count; index++)
        {
            RequestSnapshot request = snapshot.Requests[index];
            if (request is { IsAdmitted: true, IsRunnable: true, DivisibleTokens: 0 })
            {
                starved |= !budget.TryTakeStep(request, index, plan);
            }
        }

        budget.LimitPrompts(plan.Work.Count > 0 ? snapshot.PromptTokensBesideAnswers : int.MaxValue);
        int prompts = CountPrompts(snapshot);
        for (int index = 0; index < snapshot.Requests.Count && !starved; index++)
        {
            RequestSnapshot request = snapshot.Requests[index];
            if (request is { IsAdmitted: true, IsRunnable: true, DivisibleTokens: > 0 })
            {
                starved = !budget.TryTakePrompt(request, index, --prompts > 0, plan);
            }
        }

        if (starved)
        {
            MakeRoom(snapshot, plan);
            return;
        }

        Admit(snapshot, plan, prompts, ref budget);
        budget.GiveBack(snapshot, plan);
    }

    /// <summary>How many requests have a prompt to be evaluated, admitted or not.</summary>
    private static int CountPrompts(SchedulerSnapshot snapshot)
    {
        int prompts = 0;
        foreach (RequestSnapshot request in snapshot.Requests)
        {
            prompts += request.IsRunnable && (!request.IsAdmitted || request.DivisibleTokens > 0) ? 1 : 0;
        }

        return prompts;
    }

    private static void Admit(SchedulerSnapshot snapshot, StepPlan plan, int prompts, ref StepBudget budget)
    {
        int admitted = 0;
        foreach (RequestSnapshot request in snapshot.Requests)
        {
            admitted += request.IsAdmitted ? 1 : 0;
        }

        for (int index = 0; index < snapshot.Requests.Count; index++)
        {
            RequestSnapshot request = snapshot.Requests[index];
            if (request.IsAdmitted || !request.IsRunnable)
            {
                continue;
            }

            int needed = request.DivisibleTokens + request.FinalTokens;
            if (admitted == 0 && (needed + request.SharedTokens > snapshot.Limits.Cells || (snapshot.HoldsNothingToGiveUp && needed > snapshot.FreeCells)))
            {
                plan.Exhausted = index;
                return;
            }

            if (!budget.TryAdmit(request, needed + admitted, index, --prompts > 0, plan))
            {
                return;
            }

            admitted++;
        }
    }

    /// <summary>Only when nothing at all could be taken: other running answers may end and free cells by themselves.</summary>
    private static void MakeRoom(SchedulerSnapshot snapshot, StepPlan plan)
    {
        if (plan.Work.Count > 0)
        {
            return;
        }

        int oldest = snapshot.Requests.FindIndex(static request => request is { IsAdmitted: true, IsRunnable: true });
        for (int index = snapshot.Requests.Count - 1; index >= 0; index--)
        {
            if (index != oldest && snapshot.Requests[index].IsAdmitted)
            {
                plan.Preempt = index;
                return;
            }
        }

        plan.Exhausted = oldest;
    }
}
