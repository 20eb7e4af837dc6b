using System.Diagnostics;
using LlamaProvider.Benchmarks.Support;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling.Selection;

namespace LlamaProvider.Benchmarks.Search;

/// <summary>The peer: several sequences in one batch, each with its most probable token, on the seam alone. No engine, no forks, no scores.</summary>
/// <param name="context">The context, empty before and after.</param>
internal sealed class PlainDecode(IModelContext context)
{
    private readonly ModelBatch _batch = new();

    /// <summary>The median time of a step.</summary>
    /// <param name="prompt">What all sequences begin with; it is evaluated once.</param>
    /// <param name="sequences">How many there are.</param>
    /// <param name="steps">How many tokens each gets.</param>
    public double SecondsPerStep(List<int> prompt, int sequences, int steps)
    {
        var tokens = new int[sequences];
        var seconds = new double[steps];
        Prefill(prompt);
        Array.Fill(tokens, LogitScan.IndexOfMax(context.GetLogits(0)));
        for (int sequence = 1; sequence < sequences; sequence++)
        {
            context.Copy(0, sequence, prompt.Count);
        }

        for (int step = 0; step < steps; step++)
        {
            long start = Stopwatch.GetTimestamp();
            _batch.Clear();
            for (int sequence = 0; sequence < sequences; sequence++)
            {
                _batch.AddOutput(tokens[sequence], prompt.Count + step, sequence);
            }

            Require(context.Evaluate(_batch));
            for (int sequence = 0; sequence < sequences; sequence++)
            {
                tokens[sequence] = LogitScan.IndexOfMax(context.GetLogits(sequence));
            }

            seconds[step] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        for (int sequence = 0; sequence < sequences; sequence++)
        {
            context.Drop(sequence);
        }

        return Comparison.Median(seconds);
    }

    private void Prefill(List<int> prompt)
    {
        _batch.Clear();
        for (int index = 0; index < prompt.Count - 1; index++)
        {
            _batch.Add(prompt[index], index, 0);
        }

        _batch.AddOutput(prompt[^1], prompt.Count - 1, 0);
        Require(context.Evaluate(_batch));
    }

    private static void Require(EvaluationStatus status)
    {
        if (status != EvaluationStatus.Completed)
        {
            throw new InvalidOperationException($"The plain decode's evaluation returned {status}.");
        }
    }
}
