using LlamaProvider.Decoding.Tracing.Recording;

namespace LlamaProvider.Decoding.Scheduling;

/// <summary>Tells traced requests what they shared a step with and how long its phases took. Without one, a step costs a look at each of its requests.</summary>
/// <param name="metrics">Has the clock.</param>
internal sealed class StepTeller(EngineMetrics metrics)
{
    private long _began;
    private long _evaluating;
    private long _evaluated;
    private long _steps;

    /// <summary>A step begins; returns when.</summary>
    public long Begin() => _began = metrics.Now;

    /// <summary>The model has evaluated; returns the seconds that it took.</summary>
    /// <param name="started">When it began to.</param>
    public double Evaluated(long started)
    {
        (_evaluating, _evaluated) = (started, metrics.Now);
        _steps++;
        return metrics.Seconds(_evaluating, _evaluated);
    }

    /// <summary>Every request of the step has decided.</summary>
    /// <param name="plan">What the step did.</param>
    /// <param name="runs">The requests, as the plan numbers them.</param>
    /// <param name="tokens">Tokens of the batch.</param>
    public void Tell(StepPlan plan, List<RequestRun> runs, int tokens)
    {
        StepPhases? phases = null;
        foreach (PlannedWork work in plan.Work)
        {
            RequestRun run = runs[work.Request];
            run.Request.Trace?.Evaluated(new EvaluatedBatch(_steps, phases ??= Phases(), plan.Work.Count, tokens, run.FilledTokens, work.Final));
        }
    }

    private StepPhases Phases() => new(
        metrics.Seconds(0, _began), metrics.Seconds(_began, _evaluating), metrics.Seconds(_evaluating, _evaluated), metrics.Seconds(_evaluated, metrics.Now));
}
