using System.Runtime.InteropServices;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Scheduling.Prefixes;
using LlamaProvider.Decoding.Strategies;

namespace LlamaProvider.Decoding.Scheduling;

/// <summary>A request on the engine's thread: its sequences, what its step still wants, and where that step's outputs are.</summary>
internal sealed class RequestRun(GenerationRequest request, IModelContext context, PrefixStore prefixes, EngineMetrics metrics, StepLoad load)
    : IStepPlanner, IStepResults
{
    private readonly List<HeldSequence> _sequences = [];
    private readonly List<int> _tokens = [];
    private readonly List<Run> _runs = [];
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

    public IReadOnlyList<HeldSequence> Sequences => _sequences;

    /// <summary>Whether its strategy waits for something outside the engine, so that there is no step to plan.</summary>
    private bool IsWaiting => Request.Strategy.Pending is { IsCompleted: false };

    public RequestSnapshot Snapshot()
    {
        FindPrefixes();
        int divisible = 0;
        int shared = 0;
        int final = 0;
        foreach (Run run in _runs)
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
        foreach (Run run in _runs)
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

        while (_sequences.Count < Request.Strategy.MaxSequences)
        {
            _sequences.Add(new HeldSequence(prefixes.Pool.Rent()));
        }

        int shared = 0;
        int expected = 0;
        foreach (ref Run run in CollectionsMarshal.AsSpan(_runs))
        {
            expected += run.Shared;
            shared += run.TakePrefix(prefixes);
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
        foreach (ref Run run in CollectionsMarshal.AsSpan(_runs))
        {
            int take = Math.Min(divisible, run.Divisible);
            divisible -= take;
            run.Add(batch, _tokens, take, outputs: false);
            if (work.Final)
            {
                run.Add(batch, _tokens, run.Final, outputs: true);
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
        if (_sequences.Count > 0 && _sequences.TrueForAll(sequence => CanShift(sequence, forgotten)))
        {
            foreach (HeldSequence sequence in _sequences)
            {
                context.Shift(sequence.Number, forgotten.Start, forgotten.End);
                sequence.Forget(forgotten);
            }
        }
        else
        {
            Restart();
        }
    }

    public void Finish(GenerationEnd end) => End ??= end;

    /// <summary>Gives the sequences back.</summary>
    /// <param name="keepPrefixes">Whether what they hold may be of use to later requests. Not after a failure, when it is uncertain what they hold.</param>
    public void Release(bool keepPrefixes)
    {
        for (int index = 0; index < _sequences.Count; index++)
        {
            HeldSequence sequence = _sequences[index];
            ReadOnlySpan<int> tokens = CollectionsMarshal.AsSpan(sequence.Tokens);
            if (!keepPrefixes || !Request.Strategy.IsWorthKeeping(index) || (sequence.Pure is not null && !context.Capabilities.CanTrim))
            {
                prefixes.Free(sequence.Number);
            }
            else if (sequence.Pure is int pure)
            {
                context.Trim(sequence.Number, pure);
                prefixes.Keep(sequence.Number, Request.Adapters, tokens[..pure], Request.PinsPrefix);
            }
            else
            {
                prefixes.Keep(sequence.Number, Request.Adapters, tokens, Request.PinsPrefix);
            }
        }

        _sequences.Clear();
    }

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

    /// <summary>Cells that move must be the sequence's own; otherwise what stays is computed again.</summary>
    private bool CanShift(HeldSequence sequence, PositionRange forgotten) =>
        context.Capabilities.CanShift && forgotten.End <= sequence.Tokens.Count && context.GetSharedEnd(sequence.Number) <= forgotten.End;

    /// <summary>Before admission: which kept prefixes its sequences can begin with.</summary>
    private void FindPrefixes()
    {
        if (IsAdmitted || _prefixVersion == prefixes.Version)
        {
            return;
        }

        _prefixVersion = prefixes.Version;
        ReadOnlySpan<int> tokens = CollectionsMarshal.AsSpan(_tokens);
        Span<Run> runs = CollectionsMarshal.AsSpan(_runs);
        for (int index = 0; index < runs.Length; index++)
        {
            runs[index].FindPrefix(tokens, runs[..index], prefixes);
        }
    }

    void IStepPlanner.Evaluate(int sequence, ReadOnlySpan<int> tokens, WantedOutputs outputs)
    {
        if (tokens.IsEmpty || (uint)sequence >= (uint)Request.Strategy.MaxSequences)
        {
            throw new InvalidOperationException($"A strategy wants {tokens.Length} tokens in its sequence {sequence} of {Request.Strategy.MaxSequences}.");
        }

        int final = Math.Clamp(outputs.Count, 1, tokens.Length);
        _runs.Add(new Run(this, sequence, _tokens.Count, tokens.Length - final, final));
        _tokens.AddRange(tokens);
        _outputs += final;
    }

    StepLoad IStepPlanner.Load => load;

    void IStepPlanner.Fork(int source, int destination)
    {
        HeldSequence from = Held(source);
        HeldSequence to = Held(destination);
        if (source == destination || from.Tokens.Count == 0)
        {
            throw new InvalidOperationException($"A strategy forks its sequence {source} with {from.Tokens.Count} tokens into {destination}; fork one with tokens into another.");
        }

        context.Drop(to.Number);
        context.Copy(from.Number, to.Number, from.Tokens.Count);
        to.CopyFrom(from);
    }

    void IStepPlanner.Trim(int sequence, int length)
    {
        HeldSequence held = Held(sequence);
        if ((uint)length > (uint)held.Tokens.Count)
        {
            throw new InvalidOperationException($"A strategy trims its sequence {sequence} to {length} tokens, but it has {held.Tokens.Count}.");
        }

        if (length == 0)
        {
            context.Drop(held.Number);
        }
        else
        {
            context.Trim(held.Number, length);
        }

        held.Trim(length);
    }

    private HeldSequence Held(int sequence) => (uint)sequence < (uint)_sequences.Count
        ? _sequences[sequence]
        : throw new InvalidOperationException($"A strategy names its sequence {sequence}, but it holds {_sequences.Count} sequences now.");

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

    /// <summary>Tokens wanted at the end of one sequence; the first <see cref="Divisible"/> of them need no output.</summary>
    private struct Run(RequestRun owner, int sequence, int next, int divisible, int final)
    {
        private int _next = next;
        private bool _beginsSequence;

        public int Divisible { get; private set; } = divisible;

        public int Final { get; private set; } = final;

        /// <summary>The kept sequence that it can begin with.</summary>
        public RetainedSequence? Source { get; private set; }

        /// <summary>How many of its tokens need not be evaluated, because a kept sequence holds them.</summary>
        public int Shared { get; private set; }

        /// <summary>Looks for a kept prefix. Only what comes first in a sequence can have one.</summary>
        public void FindPrefix(ReadOnlySpan<int> tokens, ReadOnlySpan<Run> earlier, PrefixStore prefixes)
        {
            Shared = 0;
            Source = null;
            foreach (Run run in earlier)
            {
                if (run.Sequence == Sequence)
                {
                    return;
                }
            }

            _beginsSequence = true;
            Shared = prefixes.Find(owner.Request.Adapters, tokens.Slice(_next, Divisible), out RetainedSequence? source);
            Source = source;
        }

        /// <summary>Takes the prefix that was found, or a longer one from host memory; returns its length.</summary>
        public int TakePrefix(PrefixStore prefixes)
        {
            if (!_beginsSequence)
            {
                return 0;
            }

            HeldSequence target = owner._sequences[Sequence];
            ReadOnlySpan<int> tokens = CollectionsMarshal.AsSpan(owner._tokens).Slice(_next, Divisible);
            int taken = prefixes.Restore(owner.Request.Adapters, tokens, Shared, target.Number);
            if (taken == 0 && Source is not null && Shared > 0)
            {
                prefixes.Share(Source, target.Number, Shared);
                taken = Shared;
            }

            target.Tokens.AddRange(tokens[..taken]);
            _next += taken;
            Divisible -= taken;
            Shared = 0;
            Source = null;
            _beginsSequence = false;
            return taken;
        }

        public void Add(ModelBatch batch, List<int> tokens, int count, bool outputs)
        {
            HeldSequence target = owner._sequences[Sequence];
            int position = owner.NextPosition(batch, target.Number);
            target.Tokens.AddRange(CollectionsMarshal.AsSpan(tokens).Slice(_next, count));
            for (int i = 0; i < count; i++)
            {
                if (outputs)
                {
                    batch.AddOutput(tokens[_next++], position + i, target.Number);
                }
                else
                {
                    batch.Add(tokens[_next++], position + i, target.Number);
                }
            }

            Divisible -= outputs ? 0 : count;
            Final -= outputs ? count : 0;
        }

        private readonly int Sequence => sequence;
    }

    /// <summary>The end of the sequence in the context and in the batch so far. A request's tokens stand together, so only the last entry matters.</summary>
    private int NextPosition(ModelBatch batch, int sequence)
    {
        int last = batch.Count - 1;
        return last >= 0 && batch.GetSequences(last)[0] == sequence ? batch.Positions[last] + 1 : context.GetPositions(sequence).End;
    }
}
