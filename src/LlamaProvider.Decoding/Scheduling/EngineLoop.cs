using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Scheduling.Prefixes;
using LlamaProvider.Decoding.Strategies;

namespace LlamaProvider.Decoding.Scheduling;

/// <summary>
/// Runs all requests on one context, a step at a time: requests say what they want, the policy plans, the model evaluates, the requests advance.
/// </summary>
/// <remarks>One thread owns it and the context. Only <see cref="Enqueue"/>, <see cref="EnqueueCall"/> and a request's own members may be called from others.</remarks>
internal sealed class EngineLoop : IDisposable
{
    private readonly EngineInbox _inbox = new();
    private readonly List<GenerationRequest> _entering = [];
    private readonly List<RequestRun> _runs = [];
    private readonly ModelBatch _batch = new();
    private readonly List<RequestRun> _advancing = [];
    private readonly StepLoad _load = new();
    private readonly LoopPlanner _planner;
    private readonly StepAdvancer _advancer;
    private readonly StepTeller _teller;
    private readonly EngineMetrics _metrics;
    private readonly PromptPace _pace;
    private readonly Action<EngineLoop>? _afterStep;

    /// <param name="context">The context, which the loop's thread owns.</param>
    /// <param name="policy">Plans each step.</param>
    /// <param name="pace">How many prompt tokens a step may have beside running answers.</param>
    /// <param name="keptSequences">How many of the context's sequences may keep prefixes of ended requests; the others are for requests.</param>
    /// <param name="spillBytes">The most bytes of host memory for prefixes that the context has no room for; 0 for none.</param>
    /// <param name="helpers">The most further threads that choose tokens, when there is enough of that work.</param>
    /// <param name="metrics">What the loop measures of itself.</param>
    /// <param name="collector">Lets .NET's collector work while the model evaluates; <see langword="null"/> for no such thing. The loop disposes it.</param>
    /// <param name="afterStep">Called after each step.</param>
    public EngineLoop(
        IModelContext context, ISchedulingPolicy policy, EngineMetrics metrics, PromptPace pace, int keptSequences = 0, long spillBytes = 0,
        int helpers = 0, EvaluationCollector? collector = null, Action<EngineLoop>? afterStep = null)
    {
        Context = context;
        Prefixes = new PrefixStore(
            context, new SequencePool(context.Limits.Sequences), keptSequences, spillBytes > 0 ? new PrefixSpill(context, spillBytes, metrics) : null);
        _metrics = metrics;
        _pace = pace;
        Collector = collector;
        _afterStep = afterStep;
        _planner = new LoopPlanner(context, policy, pace, Prefixes, context.Limits.Sequences - keptSequences);
        _advancer = new StepAdvancer(helpers);
        _teller = new StepTeller(metrics);
    }

    public IReadOnlyList<RequestRun> Runs => _runs;

    public IModelContext Context { get; }

    /// <summary>What is kept of ended requests.</summary>
    public PrefixStore Prefixes { get; }

    /// <summary>Lets requests choose their tokens.</summary>
    public StepAdvancer Advancer => _advancer;

    /// <summary>Lets .NET's collector work while the model evaluates; <see langword="null"/> if it is not asked.</summary>
    public EvaluationCollector? Collector { get; }

    /// <summary>Whether no request is held, neither taken in nor about to be.</summary>
    public bool IsEmpty => _runs.Count == 0 && !_inbox.HasArrivals;

    /// <summary>Adds a request behind all others of its priority. Safe from any thread.</summary>
    public void Enqueue(GenerationRequest request) => _inbox.Add(request);

    /// <inheritdoc cref="EngineInbox.AddCall"/>
    public void EnqueueCall(Action<bool> call) => _inbox.AddCall(call);

    /// <summary>Does one step.</summary>
    /// <param name="abort">Stops the evaluation in the middle; its requests stay as they were, less what was evaluated.</param>
    /// <returns>Whether there was anything to do. If not, the caller waits for an arrival, a cancellation or a reader.</returns>
    public bool Step(CancellationToken abort = default)
    {
        long started = _teller.Begin();
        _inbox.RunCalls(isAlive: true);
        TakeArrivals();
        EndCancelled();
        _load.Begin(_runs, Context, Prefixes);
        foreach (RequestRun run in _runs)
        {
            Guard(run, static run => run.PlanStep());
        }

        RemoveEnded();
        StepPlan plan = _planner.Plan(_runs);
        _batch.Clear();
        bool worked = Apply(plan, abort);
        RemoveEnded();
        _metrics.StepDone(started, _batch.Count);
        PublishState();
        _afterStep?.Invoke(this);
        return worked;
    }

    /// <summary>Ends every request, those not yet taken in too. The context is not touched any more; it may be what failed.</summary>
    public void EndAll(GenerationEnd end)
    {
        _inbox.RunCalls(isAlive: false);
        TakeArrivals();
        foreach (RequestRun run in _runs)
        {
            Complete(run.Request, run.End ?? end);
        }

        _runs.Clear();
    }

    /// <summary>Ends its threads. The context is the owner's.</summary>
    public void Dispose()
    {
        _advancer.Dispose();
        Collector?.Dispose();
    }

    private void TakeArrivals()
    {
        _inbox.TakeArrivals(_entering);
        foreach (GenerationRequest request in _entering)
        {
            int behind = _runs.FindLastIndex(run => run.Request.Priority >= request.Priority);
            _runs.Insert(behind + 1, new RequestRun(request, Context, Prefixes, _metrics, _load));
        }

        _entering.Clear();
    }

    private void EndCancelled()
    {
        foreach (RequestRun run in _runs)
        {
            if (run.Request.IsCancelled)
            {
                run.Finish(GenerationEnd.Cancelled);
            }
        }

        RemoveEnded();
    }

    private bool Apply(StepPlan plan, CancellationToken abort)
    {
        if (plan.Exhausted is int exhausted)
        {
            Guard(_runs[exhausted], static run => run.Exhaust());
        }
        else if (plan.Preempt is int preempted)
        {
            Guard(_runs[preempted], static run => run.Preempt());
        }
        else if (plan.Work.Count > 0)
        {
            Evaluate(plan, abort);
        }
        else
        {
            FlushReaders();
            return false;
        }

        return true;
    }

    /// <summary>
    /// Before anything but a step that gives every request its next token at once, readers get what they have: the step may be long, or leave a request out.
    /// </summary>
    private void FlushReaders()
    {
        foreach (RequestRun run in _runs)
        {
            run.Request.Output.Flush();
        }
    }

    private void Evaluate(StepPlan plan, CancellationToken abort)
    {
        foreach (PlannedWork work in plan.Work)
        {
            _runs[work.Request].Fill(work, _batch);
        }

        _batch.Adapters = _runs[plan.Work[0].Request].Request.Adapters;
        _planner.Took(_batch.Adapters);
        if (_batch.Count > _batch.OutputCount || plan.Work.Count < _runs.Count)
        {
            FlushReaders();
        }

        EvaluationStatus status;
        Exception? error = null;
        try
        {
            long started = _metrics.Now;
            Collector?.Begin();
            status = Context.Evaluate(_batch, abort);
            double seconds = _teller.Evaluated(started);
            _pace.Observe(_batch.Count, seconds);
            _load.Took(_batch, seconds);
        }
        catch (LlamaException refused)
        {
            (status, error) = (EvaluationStatus.Failed, refused);
        }
        finally
        {
            Collector?.End();
        }

        for (int index = 0; index < plan.Work.Count; index++)
        {
            PlannedWork work = plan.Work[index];
            if (status != EvaluationStatus.Completed)
            {
                Settle(_runs[work.Request], status, error, youngest: index == plan.Work.Count - 1);
            }
            else if (work.Final)
            {
                _advancing.Add(_runs[work.Request]);
            }
        }

        if (_advancing.Count > 0)
        {
            _advancer.Advance(_advancing);
            _advancing.Clear();
        }

        if (status == EvaluationStatus.Completed)
        {
            _teller.Tell(plan, _runs, _batch.Count);
        }
    }

    /// <summary>What follows for a request from an evaluation that did not complete.</summary>
    private static void Settle(RequestRun run, EvaluationStatus status, Exception? error, bool youngest)
    {
        if (status == EvaluationStatus.Aborted || (status == EvaluationStatus.NoSlot && !youngest))
        {
            // The step is not done, so the request begins again; it computes the same from any start.
            Guard(run, static run => run.Preempt());
            return;
        }

        // Cells are counted before they are used, so a missing slot is a fault too. One request fails of it, or all would try forever.
        run.Finish(GenerationEnd.Failed(new EvaluationFailedException(
            "The back end failed to evaluate a batch with a part of this request; the log has its reason. Send the request again.", error)));
    }

    private void RemoveEnded()
    {
        for (int index = _runs.Count - 1; index >= 0; index--)
        {
            if (_runs[index].End is { } end)
            {
                _runs[index].Release(keepPrefixes: end.Reason != GenerationEndReason.Failed);
                Complete(_runs[index].Request, end);
                _runs.RemoveAt(index);
            }
        }
    }

    private void Complete(GenerationRequest request, GenerationEnd end)
    {
        request.Strategy.Release();
        _metrics.Ended(request, end);
        request.Complete(end);
    }

    private void PublishState()
    {
        int running = 0;
        foreach (RequestRun run in _runs)
        {
            running += run.IsAdmitted ? 1 : 0;
        }

        // What the plan counted as free, less what the step has used; the context is asked again before the next step.
        _metrics.State.WriteSpill(Prefixes.Spill);
        _metrics.State.Write(running, _runs.Count - running, Context.Limits.Cells - _planner.FreeCells + _batch.Count, Prefixes.Sequences.Count);
    }

    /// <summary>An exception of one request's strategy ends that request alone.</summary>
    private static void Guard(RequestRun run, Action<RequestRun> act)
    {
        try
        {
            act(run);
        }
        catch (Exception error)
        {
            run.Finish(GenerationEnd.Failed(error));
        }
    }
}
