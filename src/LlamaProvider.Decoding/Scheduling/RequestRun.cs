using System.Runtime.InteropServices;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Scheduling.Prefixes;
using LlamaProvider.Decoding.Strategies;

namespace LlamaProvider.Decoding.Scheduling;

/// <summary>A request on the engine's thread: its sequences, what its step still wants, and where that step's outputs are.</summary>
internal sealed class RequestRun(GenerationRequest request, IModelContext context, PrefixStore prefixes, EngineMetrics metrics, StepLoad load)
    : IStepPlanner, IStepResults
{
    private readonly RequestSequences _sequences = new(context, prefixes);
    private readonly List<int> _tokens = [];
    private readonly List<StepRun> _runs = [];
    private bool _hasStep;
    private int? _prefixVersion;
    private int _firstOutput;
    private int _outputs;

    public GenerationRequest Request { get; } = request;

    /// <summary>How the request ended, once it has.</summary>
    public GenerationEnd? End { get; private set; }

    /// <summary>How many of the batch's tokens are its own.</summary>
    public int FilledTokens { get; private set; }

    public bool IsAdmitted => _sequences.Count > 0;

    public IReadOnlyList<HeldSequence> Sequences => _sequences.Held;

    private ReadOnlySpan<int> Tokens => CollectionsMarshal.AsSpan(_tokens);

    /// <summary>Whether its strategy waits for something outside the engine, so that there is no step to plan.</summary>
    private bool IsWaiting => Request.Strategy.Pending is { IsCompleted: false };

    public RequestSnapshot Snapshot()
    {
        FindPrefixes();
        int divisible = 0;
        int shared = 0;
        int final = 0;
        foreach (StepRun run in _runs)
        {
            divisible += run.Divisible - run.Shared;
            shared += run.Shared;
            final += run.Final;
        }

        return new RequestSnapshot(IsAdmitted, _hasStep && !Request.Output.IsFull, Request.Strategy.MaxSequences, divisible, final, _outputs)
        {
            Adapters = Request.Adapters,
            SharedTokens = shared,
            ReadsStates = Request.Strategy.NeedsHiddenStates || Request.Strategy.NeedsRelevance,
            IsWaiting = IsWaiting,
        };
    }

    /// <summary>Whether it will begin with a kept sequence when it is admitted.</summary>
    public bool Shares(RetainedSequence sequence)
    {
        foreach (StepRun run in _runs)
        {
            if (run.Source == sequence)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Asks the strategy for its next step, if the last one is done and nothing is awaited.</summary>
    public void PlanStep()
    {
        if (!_hasStep)
        {
            _tokens.Clear();
            _runs.Clear();
            _prefixVersion = null;
            _outputs = 0;
            if (!Resume())
            {
                return;
            }

            Request.Strategy.Plan(this);
            _hasStep = true;
            if (_runs.Count == 0)
            {
                throw new InvalidOperationException("A strategy planned an empty step; it must want a token or finish.");
            }
        }
    }

    /// <summary>Takes the sequences that the request needs, if it has none yet, with the prefixes that are kept for them.</summary>
    /// <returns>Whether less is left to be evaluated than <see cref="Snapshot"/> said.</returns>
    public bool Admit()
    {
        if (IsAdmitted)
        {
            return false;
        }

        _sequences.Rent(Request.Strategy.MaxSequences);
        int shared = 0;
        int expected = 0;
        foreach (ref StepRun run in CollectionsMarshal.AsSpan(_runs))
        {
            expected += run.Shared;
            shared += run.TakePrefix(Tokens, _sequences, prefixes, Request.Adapters);
        }

        if (Request.Times.Admitted is null)
        {
            Request.CachedTokens = shared;
            metrics.Admitted(Request.Times);
        }

        return shared > expected;
    }

    /// <summary>Puts the planned part of the step into the batch and notes it as done.</summary>
    public void Fill(PlannedWork work, ModelBatch batch)
    {
        int divisible = work.DivisibleTokens;
        int before = batch.Count;
        _firstOutput = batch.OutputCount;
        batch.HiddenStates |= Request.Strategy.NeedsHiddenStates;
        batch.Relevance |= Request.Strategy.NeedsRelevance;
        foreach (ref StepRun run in CollectionsMarshal.AsSpan(_runs))
        {
            int take = Math.Min(divisible, run.Divisible);
            divisible -= take;
            run.Add(batch, Tokens, _sequences, take, outputs: false);
            if (work.Final)
            {
                run.Add(batch, Tokens, _sequences, run.Final, outputs: true);
            }
        }

        FilledTokens = batch.Count - before;
        _hasStep = !work.Final;
    }

    /// <summary>Lets the strategy read its outputs and decide. Other requests may do so at the same time.</summary>
    public void Advance()
    {
        try
        {
            Request.Strategy.Advance(this);
            WakeWhenReady();
        }
        catch (Exception error)
        {
            Finish(GenerationEnd.Failed(error));
        }
    }

    /// <summary>Gives the sequences back and lets the strategy begin again.</summary>
    public void Preempt()
    {
        metrics.Preempted();
        Restart();
    }

    /// <summary>The request fills the context. It goes on with what its strategy wants to keep, or ends.</summary>
    public void Exhaust()
    {
        if (Request.Strategy.ForgetOldest() is not { } forgotten)
        {
            Request.Strategy.Conclude(this);
            Finish(GenerationEnd.ContextLimit);
            return;
        }

        metrics.Shifted();
        if (!_sequences.TryShift(forgotten))
        {
            Restart();
        }
    }

    public void Finish(GenerationEnd end) => End ??= end;

    /// <summary>Gives the sequences back.</summary>
    /// <param name="keepPrefixes">Whether what they hold may be of use to later requests. Not after a failure, when it is uncertain what they hold.</param>
    public void Release(bool keepPrefixes) => _sequences.Release(Request, keepPrefixes);

    /// <summary>Lets the strategy decide with what it has waited for.</summary>
    /// <returns>Whether there is a step to plan.</returns>
    private bool Resume()
    {
        // Looked at once: it may become complete at any time, and what is complete must be resumed before a step is planned.
        if (Request.Strategy.Pending is not { } pending)
        {
            return true;
        }

        if (!pending.IsCompleted)
        {
            return false;
        }

        Request.Strategy.Resume(this);
        WakeWhenReady();
        return End is null && Request.Strategy.Pending is null;
    }

    private void WakeWhenReady()
    {
        if (Request.Strategy.Pending is { } pending)
        {
            _ = pending.ContinueWith(
                static (_, request) => ((GenerationRequest)request!).Wake(), Request, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private void Restart()
    {
        Release(keepPrefixes: false);
        Request.Strategy.Restart();
        _hasStep = false;
    }

    /// <summary>Before admission: which kept prefixes its sequences can begin with.</summary>
    private void FindPrefixes()
    {
        if (IsAdmitted || _prefixVersion == prefixes.Version)
        {
            return;
        }

        _prefixVersion = prefixes.Version;
        Span<StepRun> runs = CollectionsMarshal.AsSpan(_runs);
        for (int index = 0; index < runs.Length; index++)
        {
            runs[index].FindPrefix(Tokens, runs[..index], prefixes, Request.Adapters);
        }
    }

    void IStepPlanner.Evaluate(int sequence, ReadOnlySpan<int> tokens, WantedOutputs outputs)
    {
        if (tokens.IsEmpty || (uint)sequence >= (uint)Request.Strategy.MaxSequences)
        {
            throw new InvalidOperationException($"A strategy wants {tokens.Length} tokens in its sequence {sequence} of {Request.Strategy.MaxSequences}.");
        }

        int final = Math.Clamp(outputs.Count, 1, tokens.Length);
        _runs.Add(new StepRun(sequence, _tokens.Count, tokens.Length - final, final));
        _tokens.AddRange(tokens);
        _outputs += final;
    }

    StepLoad IStepPlanner.Load => load;

    void IStepPlanner.Fork(int source, int destination) => _sequences.Fork(source, destination);

    void IStepPlanner.Trim(int sequence, int length) => _sequences.Trim(sequence, length);

    ReadOnlySpan<float> IStepResults.GetLogits(int output) => context.GetLogits(_firstOutput + output);

    ReadOnlySpan<float> IStepResults.GetHiddenState(int output) => context.GetHiddenState(_firstOutput + output);

    float IStepResults.GetRelevance(int output) => context.GetRelevance(_firstOutput + output);

    void IAnswerSink.Emit(int token, bool isForced)
    {
        metrics.Emitted(Request.Times, isForced);
        Request.Output.Write(token);
    }

    void IStepResults.CountDraft(int drafted, int accepted)
    {
        Request.Times.DraftedTokens += drafted;
        Request.Times.AcceptedTokens += accepted;
    }
}
