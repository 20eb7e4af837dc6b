using System.Diagnostics;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Benchmarks.Speculative;

/// <summary>What the library itself takes, without an engine: evaluations of a few tokens with outputs behind a prompt, and single tokens of the draft model.</summary>
internal sealed class ModelCosts
{
    private const int PromptTokens = 100;
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

    public static ModelCosts Measure(ILanguageModel model, ILanguageModel? draft, ContextOptions context, bool quick)
    {
        int rounds = quick ? 15 : 31;
        using IModelContext target = model.CreateContext(context);
        using IModelContext? drafter = draft?.CreateContext(context);
        Prefill(target);
        if (drafter is not null)
        {
            Prefill(drafter);
        }

        var samples = Sizes.Select(_ => new double[rounds]).ToArray();
        double[] draftSamples = new double[rounds];
        for (int round = -1; round < rounds; round++)
        {
            for (int size = 0; size < Sizes.Length; size++)
            {
                double seconds = Time(target, Sizes[size]);
                samples[size][Math.Max(0, round)] = seconds;
            }

            draftSamples[Math.Max(0, round)] = drafter is null ? 0 : Time(drafter, 1);
        }

        return new ModelCosts([.. samples.Select(LowerQuartile)], LowerQuartile(draftSamples));
    }

    /// <summary>What disturbs the machine only ever adds, so the lower half says more about the library than the upper.</summary>
    private static double LowerQuartile(double[] values) => values.Order().ElementAt(values.Length / 4);

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
