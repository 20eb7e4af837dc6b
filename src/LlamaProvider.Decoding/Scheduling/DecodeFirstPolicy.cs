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
        var budget = new Budget(snapshot);
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

    private static void Admit(SchedulerSnapshot snapshot, StepPlan plan, int prompts, ref Budget budget)
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
            if (admitted == 0 && needed + request.SharedTokens > snapshot.Limits.Cells)
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

    /// <summary>What the batch and the memory still have room for.</summary>
    private struct Budget(SchedulerSnapshot snapshot)
    {
        private int _tokens = snapshot.Limits.BatchTokens;
        private int _outputs = snapshot.Limits.Outputs;
        private int _cells = snapshot.FreeCells;
        private int _sequences = snapshot.FreeSequences;
        private int _promptTokens = int.MaxValue;

        public void LimitPrompts(int tokens) => _promptTokens = tokens;

        /// <summary>False only for want of cells; a full batch just makes the request wait for the next step.</summary>
        public bool TryTakeStep(in RequestSnapshot request, int index, StepPlan plan)
        {
            if (request.FinalTokens > _cells)
            {
                Miss(request.FinalTokens, plan);
                return false;
            }

            if (request.FinalTokens <= _tokens && request.Outputs <= _outputs)
            {
                Take(request, index, 0, final: true, plan);
            }

            return true;
        }

        /// <summary>False only for want of cells.</summary>
        public bool TryTakePrompt(in RequestSnapshot request, int index, bool othersWait, StepPlan plan)
        {
            if (_cells == 0)
            {
                Miss(request.DivisibleTokens + request.FinalTokens, plan);
                return false;
            }

            int tokens = Math.Min(_tokens, _promptTokens);
            int room = Math.Min(othersWait ? (tokens + 1) / 2 : tokens, _cells);
            int chunk = Math.Min(request.DivisibleTokens, room);
            bool final = chunk == request.DivisibleTokens && chunk + request.FinalTokens <= room && request.Outputs <= _outputs;
            if (chunk > 0)
            {
                Take(request, index, chunk, final, plan);
            }

            return true;
        }

        public bool TryAdmit(in RequestSnapshot request, int neededCells, int index, bool othersWait, StepPlan plan)
        {
            if (request.Sequences > _sequences || _tokens == 0 || _promptTokens == 0)
            {
                return false;
            }

            if (neededCells > _cells)
            {
                Miss(neededCells, plan);
                return false;
            }

            int planned = plan.Work.Count;
            _ = request.DivisibleTokens > 0 ? TryTakePrompt(request, index, othersWait, plan) : TryTakeStep(request, index, plan);
            if (plan.Work.Count == planned)
            {
                return false;
            }

            // The rest of its prompt is not evaluated yet, but its cells are spoken for.
            int evaluated = plan.Work[^1].DivisibleTokens + (plan.Work[^1].Final ? request.FinalTokens : 0);
            _cells -= neededCells - evaluated;
            _sequences -= request.Sequences;
            return true;
        }

        /// <summary>Gives what is left of the batch to the prompts that are in it already.</summary>
        public void GiveBack(SchedulerSnapshot snapshot, StepPlan plan)
        {
            for (int index = 0; index < plan.Work.Count && _tokens > 0 && _promptTokens > 0; index++)
            {
                PlannedWork work = plan.Work[index];
                RequestSnapshot request = snapshot.Requests[work.Request];
                if (work.Final || request.DivisibleTokens == 0)
                {
                    continue;
                }

                // The cells of a request that has just been admitted are spoken for; an older one needs free ones.
                int tokens = Math.Min(_tokens, _promptTokens);
                int room = request.IsAdmitted ? Math.Min(tokens, _cells) : tokens;
                int more = Math.Min(request.DivisibleTokens - work.DivisibleTokens, room);
                bool final = work.DivisibleTokens + more == request.DivisibleTokens && more + request.FinalTokens <= room && request.Outputs <= _outputs;
                int taken = more + (final ? request.FinalTokens : 0);
                _tokens -= taken;
                _promptTokens -= taken;
                _cells -= request.IsAdmitted ? taken : 0;
                _outputs -= final ? request.Outputs : 0;
                plan.Work[index] = new PlannedWork(work.Request, work.DivisibleTokens + more, final);
            }
        }

        private readonly void Miss(int needed, StepPlan plan) => plan.MissingCells = Math.Max(plan.MissingCells, needed - _cells);

        private void Take(in RequestSnapshot request, int index, int divisible, bool final, StepPlan plan)
        {
            int tokens = divisible + (final ? request.FinalTokens : 0);
            _tokens -= tokens;
            _promptTokens -= request.DivisibleTokens > 0 ? tokens : 0;
            _cells -= tokens;
            _outputs -= final ? request.Outputs : 0;
            plan.Work.Add(new PlannedWork(index, divisible, final));
        }
    }
}
