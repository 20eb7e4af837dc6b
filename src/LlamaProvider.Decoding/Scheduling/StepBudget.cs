namespace LlamaProvider.Decoding.Scheduling;

/// <summary>What the batch and the memory still have room for.</summary>
internal struct StepBudget(SchedulerSnapshot snapshot)
{
    private int _tokens = MostTokens(snapshot);
    private int _outputs = snapshot.Limits.Outputs;
    private int _cells = snapshot.FreeCells;
    private int _sequences = snapshot.FreeSequences;
    private int _promptTokens = int.MaxValue;

    /// <summary>While a request that reads hidden states or relevance is there, every step has room for only as many tokens as one that reads them may have.</summary>
    private static int MostTokens(SchedulerSnapshot snapshot)
    {
        foreach (RequestSnapshot request in snapshot.Requests)
        {
            if (request is { ReadsStates: true, IsRunnable: true })
            {
                return Math.Min(snapshot.Limits.BatchTokens, snapshot.Limits.HiddenStateTokens);
            }
        }

        return snapshot.Limits.BatchTokens;
    }

    public void LimitPrompts(int tokens) => _promptTokens = tokens;

    /// <summary>False only for want of cells; a full batch just makes the request wait for the next step.</summary>
    public bool TryTakeStep(in RequestSnapshot request, int index, StepPlan plan)
    {
        if (request.FinalTokens > _cells)
        {
            Miss(request, request.FinalTokens, index, plan);
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
            Miss(request, 1, index, plan);
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
            Miss(request, neededCells, index, plan);
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

    /// <summary>Sets room aside for a request that is not of this step.</summary>
    public bool TryReserve(in RequestSnapshot request, int neededCells)
    {
        if (request.Sequences > _sequences || neededCells > _cells)
        {
            return false;
        }

        _cells -= neededCells;
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

    /// <summary>Room is made for running requests, else for the first waiting one.</summary>
    private readonly void Miss(in RequestSnapshot request, int needed, int index, StepPlan plan)
    {
        if (request.IsAdmitted || plan.Missing is null)
        {
            plan.Missing = new MissingCells(index, needed - _cells);
        }
    }

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
