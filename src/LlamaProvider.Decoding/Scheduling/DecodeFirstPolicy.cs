using LlamaProvider.Decoding.Model;

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
/// <para>
/// A request that waits for something outside the engine keeps what it holds, unless nothing else can be done and a newcomer needs it, which may be what it waits for.
/// </para>
/// <para>
/// A step has one adapter set (<see cref="AdapterTurns"/>); requests of others are left out of it, but keep their place in the order.
/// </para>
/// </remarks>
internal sealed class DecodeFirstPolicy : ISchedulingPolicy
{
    public void Plan(SchedulerSnapshot snapshot, StepPlan plan)
    {
        IReadOnlyList<AdapterSet> sets = snapshot.Turns.Order;
        int first = sets.Count > 1 && snapshot.Turns.Steps >= AdapterTurns.StepsPerTurn ? 1 : 0;
        int tries = Math.Max(1, sets.Count);
        for (int index = 0; index < tries && plan.IsEmpty; index++)
        {
            Plan(snapshot, sets.Count > 1 ? sets[(first + index) % sets.Count] : null, plan);
        }

        if (plan.IsEmpty)
        {
            YieldToNewcomers(snapshot, plan);
        }
    }

    /// <summary>
    /// A request that waits for something outside may wait for one that was not admitted, such as the embedding of its own text. When nothing else can be done, it makes room.
    /// </summary>
    private static void YieldToNewcomers(SchedulerSnapshot snapshot, StepPlan plan)
    {
        if (snapshot.Requests.Exists(static request => request is { IsAdmitted: false, IsRunnable: true })
            && snapshot.Requests.FindLastIndex(static request => request is { IsAdmitted: true, IsWaiting: true }) is >= 0 and int last)
        {
            plan.Preempt = last;
        }
    }

    /// <param name="snapshot">The state to decide from.</param>
    /// <param name="adapters">Which requests the step is for; <see langword="null"/> when all have the same adapters.</param>
    /// <param name="plan">The plan to fill.</param>
    private static void Plan(SchedulerSnapshot snapshot, AdapterSet? adapters, StepPlan plan)
    {
        var budget = new StepBudget(snapshot);
        bool starved = false;
        bool answersRun = false;
        for (int index = 0; index < snapshot.Requests.Count; index++)
        {
            RequestSnapshot request = snapshot.Requests[index];
            if (request is { IsAdmitted: true, IsRunnable: true, DivisibleTokens: 0 })
            {
                answersRun = true;
                starved |= IsOf(request, adapters) && !budget.TryTakeStep(request, index, plan);
            }
        }

        budget.LimitPrompts(answersRun ? snapshot.PromptTokensBesideAnswers : int.MaxValue);
        int prompts = CountPrompts(snapshot, adapters);
        for (int index = 0; index < snapshot.Requests.Count && !starved; index++)
        {
            RequestSnapshot request = snapshot.Requests[index];
            if (request is { IsAdmitted: true, IsRunnable: true, DivisibleTokens: > 0 } && IsOf(request, adapters))
            {
                starved = !budget.TryTakePrompt(request, index, --prompts > 0, plan);
            }
        }

        if (starved)
        {
            MakeRoom(snapshot, plan);
            return;
        }

        Admit(snapshot, adapters, plan, prompts, ref budget);
        budget.GiveBack(snapshot, plan);
    }

    private static bool IsOf(in RequestSnapshot request, AdapterSet? adapters) => adapters is null || adapters.Equals(request.Adapters);

    /// <summary>How many requests of the step have a prompt to be evaluated, admitted or not.</summary>
    private static int CountPrompts(SchedulerSnapshot snapshot, AdapterSet? adapters)
    {
        int prompts = 0;
        foreach (RequestSnapshot request in snapshot.Requests)
        {
            prompts += request.IsRunnable && (!request.IsAdmitted || request.DivisibleTokens > 0) && IsOf(request, adapters) ? 1 : 0;
        }

        return prompts;
    }

    private static void Admit(SchedulerSnapshot snapshot, AdapterSet? adapters, StepPlan plan, int prompts, ref StepBudget budget)
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
            bool isOfStep = IsOf(request, adapters);
            if (admitted == 0 && isOfStep && (needed + request.SharedTokens > snapshot.Limits.Cells || (snapshot.HoldsNothingToGiveUp && needed > snapshot.FreeCells)))
            {
                plan.Exhausted = index;
                return;
            }

            // Who came first is admitted first, in the next step of its own adapters; until then its room is not for those behind it.
            bool hasRoom = isOfStep ? budget.TryAdmit(request, needed + admitted, index, --prompts > 0, plan) : budget.TryReserve(request, needed + admitted);
            if (!hasRoom)
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
