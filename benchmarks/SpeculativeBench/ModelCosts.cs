using System.Diagnostics;
using LlamaProvider.Benchmarks.Support;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Benchmarks.Speculative;

/// <summary>What the library itself takes, without an engine: evaluations of a few tokens with outputs behind a prompt, and single tokens of the draft model.</summary>
internal sealed class ModelCosts
{
    private const int PromptTokens = 100;
    private const int MinRounds = 3;
    private const int MaxRounds = 101;
    private static readonly int[] Sizes = [1, 2, 3, 4, 5, 7, 9, 13, 17];
    private readonly double[] _seconds;

    private ModelCosts(double[] seconds, double draftSeconds) => (_seconds, DraftSeconds) = (seconds, draftSeconds);

    /// <summary>Seconds of one token of the draft model; 0 without one.</summary>
    public double DraftSeconds { get; }

    /// <summary>Seconds of an evaluation of so many tokens, between those that were measured as on a straight line.</summary>
    public double this[double tokens]
    {
        get
        {
            int above = Math.Max(1, Array.FindIndex(Sizes, size => size >= tokens));
            double share = (tokens - Sizes[above - 1]) / (Sizes[above] - Sizes[above - 1]);
            return _seconds[above - 1] + (share * (_seconds[above] - _seconds[above - 1]));
        }
    }

    /// <summary>Measures in rounds.</summary>
    /// <remarks>
    /// What matters is how the costs compare, and machines change their pace within seconds. So each evaluation is compared with one of a single token just before it, and the middle one of these
    /// ratios counts.
    /// </remarks>
    public static ModelCosts Measure(ILanguageModel model, ILanguageModel? draft, ContextOptions context, bool quick)
    {
        using IModelContext target = model.CreateContext(context);
        using IModelContext? drafter = draft?.CreateContext(context);
        Prefill(target);
        if (drafter is not null)
        {
            Prefill(drafter);
        }

        var ones = new List<double>();
        var ratios = Sizes.Select(static _ => new List<double>()).ToArray();
        var draftRatios = new List<double>();
        var limit = TimeSpan.FromSeconds(quick ? 0.2 : 3);
        long start = Stopwatch.GetTimestamp();
        for (int round = 0; round < MinRounds || (round < MaxRounds && Stopwatch.GetElapsedTime(start) < limit); round++)
        {
            for (int size = 0; size < Sizes.Length; size++)
            {
                ones.Add(Time(target, 1));
                ratios[size].Add(Time(target, Sizes[size]) / ones[^1]);
            }

            if (drafter is not null)
            {
                ones.Add(Time(target, 1));
                draftRatios.Add(Time(drafter, 1) / ones[^1]);
            }
        }

        double one = Comparison.Median([.. ones]);
        return new ModelCosts([.. ratios.Select(ratio => one * Comparison.Median([.. ratio]))], drafter is null ? 0 : one * Comparison.Median([.. draftRatios]));
    }

    private static void Prefill(IModelContext context)
    {
        var batch = new ModelBatch();
        for (int position = 0; position < PromptTokens; position++)
        {
            batch.Add(10 + position, position, 0);
        }

        context.Evaluate(batch);
    }

    private static double Time(IModelContext context, int tokens)
    {
        var batch = new ModelBatch();
        for (int i = 0; i < tokens; i++)
        {
            batch.AddOutput(20 + i, PromptTokens + i, 0);
        }

        // The first evaluation of a size builds its graph; the second is what a run of steps of one size takes.
        context.Evaluate(batch);
        context.Trim(0, PromptTokens);
        long start = Stopwatch.GetTimestamp();
        context.Evaluate(batch);
        _ = context.GetLogits(tokens - 1);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        context.Trim(0, PromptTokens);
        return seconds;
    }
}
