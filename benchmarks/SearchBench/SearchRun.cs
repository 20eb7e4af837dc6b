using System.Diagnostics;
using LlamaProvider.Benchmarks.Support;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Strategies;

namespace LlamaProvider.Benchmarks.Search;

/// <summary>One search on an engine loop of its own, step by step.</summary>
/// <param name="SecondsPerStep">The median over the steps after the prompt.</param>
/// <param name="Steps">How many they were.</param>
/// <param name="MostCells">Cells in use when they were most.</param>
/// <param name="BytesPerStep">Managed memory that the second half of the steps allocated, for one.</param>
internal sealed record SearchRun(double SecondsPerStep, int Steps, int MostCells, double BytesPerStep)
{
    /// <summary>Runs a strategy to its end.</summary>
    /// <param name="context">The context, empty before and after.</param>
    /// <param name="strategy">The search.</param>
    /// <param name="promptSteps">Steps that read the prompt.</param>
    public static SearchRun Of(IModelContext context, IDecodingStrategy strategy, int promptSteps)
    {
        using var loop = new EngineLoop(context, new DecodeFirstPolicy(), new EngineMetrics("bench", TimeProvider.System), new PromptPace(TimeSpan.MaxValue));
        loop.Enqueue(new GenerationRequest(strategy, null, static () => { }, static () => { }, static reader => reader()));
        var seconds = new List<double>(4096);
        var bytes = new List<long>(4096);
        int cells = 0;
        while (!loop.IsEmpty)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            long start = Stopwatch.GetTimestamp();
            loop.Step();
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            bytes.Add(GC.GetAllocatedBytesForCurrentThread() - before);
            cells = Math.Max(cells, context.Limits.Cells - context.FreeCells);
        }

        // The last step makes the results, which belong to no step.
        int steps = seconds.Count - promptSteps - 1;
        double allocated = bytes[^((steps / 2) + 1)..^1].Average();
        return new SearchRun(Comparison.Median([.. seconds[promptSteps..^1]]), steps, cells, allocated);
    }
}
