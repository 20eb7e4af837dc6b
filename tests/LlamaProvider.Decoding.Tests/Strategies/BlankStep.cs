using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Strategies;

namespace LlamaProvider.Decoding.Tests.Strategies;

/// <summary>Rows without a model, to count what a strategy allocates: which token is likely changes from step to step.</summary>
internal sealed class BlankStep(int vocabulary, int hiddenSize = 0) : IStepPlanner, IStepResults
{
    private readonly float[] _row = new float[vocabulary];
    private readonly float[] _hidden = new float[hiddenSize];
    private int _count;

    public StepLoad Load => throw new NotSupportedException();

    public void Fork(int source, int destination)
    {
    }

    public void Trim(int sequence, int length)
    {
    }

    public void Evaluate(int sequence, ReadOnlySpan<int> tokens, WantedOutputs outputs)
    {
    }

    /// <summary>Lets a strategy take 1,000 steps, after 500 in which its buffers grow.</summary>
    /// <returns>How many of them allocated anything.</returns>
    public int CountAllocating(IDecodingStrategy strategy)
    {
        for (int i = 0; i < 500; i++)
        {
            Take(strategy);
        }

        int allocating = 0;
        for (int i = 0; i < 1000; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Take(strategy);
            allocating += GC.GetAllocatedBytesForCurrentThread() > before ? 1 : 0;
        }

        return allocating;
    }

    public ReadOnlySpan<float> GetLogits(int output) => Fill(_row, output);

    public ReadOnlySpan<float> GetHiddenState(int output) => Fill(_hidden, output);

    public float GetRelevance(int output) => output;

    public void CountDraft(int drafted, int accepted) => throw new NotSupportedException();

    public void Emit(int token, bool isForced = false)
    {
    }

    public void Finish(GenerationEnd end)
    {
    }

    private void Take(IDecodingStrategy strategy)
    {
        strategy.Plan(this);
        _count++;
        strategy.Advance(this);
    }

    private float[] Fill(float[] row, int output)
    {
        for (int i = 0; i < row.Length; i++)
        {
            row[i] = (i * (_count + 3) * (output + 7)) % 11;
        }

        return row;
    }
}
