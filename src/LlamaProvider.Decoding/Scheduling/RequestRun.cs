using System.Runtime.InteropServices;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Strategies;

namespace LlamaProvider.Decoding.Scheduling;

/// <summary>A request on the engine's thread: its sequences, what its step still wants, and where that step's outputs are.</summary>
internal sealed class RequestRun(GenerationRequest request, IModelContext context, SequencePool pool) : IStepPlanner, IStepResults
{
    private readonly List<int> _sequences = [];
    private readonly List<int> _tokens = [];
    private readonly List<Run> _runs = [];
    private bool _hasStep;
    private int _firstOutput;
    private int _outputs;

    public GenerationRequest Request { get; } = request;

    /// <summary>How the request ended, once it has.</summary>
    public GenerationEnd? End { get; private set; }

    public bool IsAdmitted => _sequences.Count > 0;

    public IReadOnlyList<int> Sequences => _sequences;

    public RequestSnapshot Snapshot()
    {
        int divisible = 0;
        int final = 0;
        foreach (Run run in _runs)
        {
            divisible += run.Divisible;
            final += run.Final;
        }

        return new RequestSnapshot(IsAdmitted, !Request.Output.IsFull, Request.Strategy.MaxSequences, divisible, final, _outputs);
    }

    /// <summary>Asks the strategy for its next step, if the last one is done.</summary>
    public void PlanStep()
    {
        if (!_hasStep)
        {
            _tokens.Clear();
            _runs.Clear();
            _outputs = 0;
            Request.Strategy.Plan(this);
            _hasStep = true;
            if (_runs.Count == 0)
            {
                throw new InvalidOperationException("A strategy planned an empty step; it must want a token or finish.");
            }
        }
    }

    public void Admit()
    {
        while (_sequences.Count < Request.Strategy.MaxSequences)
        {
            _sequences.Add(pool.Rent());
        }
    }

    /// <summary>Puts the planned part of the step into the batch and notes it as done.</summary>
    public void Fill(PlannedWork work, ModelBatch batch)
    {
        int divisible = work.DivisibleTokens;
        _firstOutput = batch.OutputCount;
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

        _hasStep = !work.Final;
    }

    public void Advance() => Request.Strategy.Advance(this);

    /// <summary>Gives the sequences back and lets the strategy begin again.</summary>
    public void Preempt()
    {
        Release();
        Request.Strategy.Restart();
        _hasStep = false;
    }

    public void Finish(GenerationEnd end) => End ??= end;

    public void Release()
    {
        foreach (int sequence in _sequences)
        {
            context.Drop(sequence);
            pool.Return(sequence);
        }

        _sequences.Clear();
    }

    void IStepPlanner.Evaluate(int sequence, ReadOnlySpan<int> tokens, WantedOutputs outputs)
    {
        if (tokens.IsEmpty || (uint)sequence >= (uint)Request.Strategy.MaxSequences)
        {
            throw new InvalidOperationException($"A strategy wants {tokens.Length} tokens in its sequence {sequence} of {Request.Strategy.MaxSequences}.");
        }

        int final = outputs == WantedOutputs.All ? tokens.Length : 1;
        _runs.Add(new Run(this, sequence, _tokens.Count, tokens.Length - final, final));
        _tokens.AddRange(tokens);
        _outputs += final;
    }

    ReadOnlySpan<float> IStepResults.GetLogits(int output) => context.GetLogits(_firstOutput + output);

    void IStepResults.Emit(int token) => Request.Output.Write(token);

    /// <summary>Tokens wanted at the end of one sequence; the first <see cref="Divisible"/> of them need no output.</summary>
    private struct Run(RequestRun owner, int sequence, int next, int divisible, int final)
    {
        private int _next = next;

        public int Divisible { get; private set; } = divisible;

        public int Final { get; private set; } = final;

        public void Add(ModelBatch batch, List<int> tokens, int count, bool outputs)
        {
            int target = owner._sequences[sequence];
            int position = owner.NextPosition(batch, target);
            for (int i = 0; i < count; i++)
            {
                if (outputs)
                {
                    batch.AddOutput(tokens[_next++], position + i, target);
                }
                else
                {
                    batch.Add(tokens[_next++], position + i, target);
                }
            }

            Divisible -= outputs ? 0 : count;
            Final -= outputs ? count : 0;
        }
    }

    /// <summary>The end of the sequence in the context and in the batch so far. A request's tokens stand together, so only the last entry matters.</summary>
    private int NextPosition(ModelBatch batch, int sequence)
    {
        int last = batch.Count - 1;
        return last >= 0 && batch.GetSequences(last)[0] == sequence ? batch.Positions[last] + 1 : context.GetPositions(sequence).End;
    }
}
