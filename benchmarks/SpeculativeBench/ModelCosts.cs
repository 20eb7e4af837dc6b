using System.Diagnostics;
using LlamaProvider.Benchmarks.Support;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Benchmarks.Speculative;

/// <summary>What the library itself takes, without an engine: evaluations of a few tokens with outputs behind a prompt, alone and behind drafts of a draft model.</summary>
internal sealed class ModelCosts
{
    private const int PromptTokens = 100;
    private const int MinRounds = 3;
    private const int MaxRounds = 101;
    private static readonly int[] Sizes = [1, 2, 3, 4, 5, 7, 9, 13, 17];
    private static readonly int[] DraftSizes = [1, 2, 3, 4, 6, 8];

    private readonly CostCurve _alone;
    private readonly CostCurve? _draft;
    private readonly CostCurve? _behindDraft;

    private ModelCosts(CostCurve alone, CostCurve? draft, CostCurve? behindDraft, double unread) => (_alone, _draft, _behindDraft, Unread) = (alone, draft, behindDraft, unread);

    /// <summary>Seconds that the draft model takes more for a draft behind one that was accepted in full: it has not evaluated that one's last token yet, and does so with the token that the model added.</summary>
    public double Unread { get; }

    /// <summary>Seconds of an evaluation of so many tokens, when nothing else runs between evaluations.</summary>
    public double this[double tokens] => _alone.At(tokens);

    /// <summary>Seconds that the draft model takes for so many tokens; 0 without one.</summary>
    public double Draft(double tokens) => _draft?.At(tokens) ?? 0;

    /// <summary>Seconds of an evaluation of so many drafted tokens and the one before them, when the draft model has drafted them between it and the evaluation before.</summary>
    public double BehindDraft(double drafted) => _behindDraft?.At(drafted) ?? _alone.At(1 + drafted);

    /// <summary>Measures in rounds.</summary>
    /// <param name="model">The model.</param>
    /// <param name="draft">Its draft model.</param>
    /// <param name="context">As the engine's.</param>
    /// <param name="cells">Cells that the engine uses, for prefixes of other answers: attention goes over them too.</param>
    /// <param name="quick">Whether to be quick about it.</param>
    /// <remarks>
    /// What matters is how the costs compare, and machines change their pace within seconds. So each evaluation is compared with one of a single token just before it, and the middle one of these
    /// ratios counts. Two models that take turns find the caches full of each other's weights, so a draft model's costs are measured in turns.
    /// </remarks>
    public static ModelCosts Measure(ILanguageModel model, ILanguageModel? draft, ContextOptions context, int cells, bool quick)
    {
        using IModelContext target = model.CreateContext(context);
        using IModelContext? drafter = draft?.CreateContext(context);
        Prefill(target, cells);
        if (drafter is not null)
        {
            // A draft model's context keeps the latest answer of each of the engine's sequences only.
            Prefill(drafter, context.Sequences * PromptTokens);
        }

        var ones = new List<double>();
        List<double>[] alone = Lists(Sizes), drafts = Lists(DraftSizes), behind = Lists(DraftSizes);
        var unread = new List<double>();
        var limit = TimeSpan.FromSeconds(quick ? 0.2 : 3);
        long start = Stopwatch.GetTimestamp();
        for (int round = 0; round < MinRounds || (round < MaxRounds && Stopwatch.GetElapsedTime(start) < limit); round++)
        {
            for (int size = 0; size < Sizes.Length; size++)
            {
                ones.Add(Time(target, 1));
                alone[size].Add(Time(target, Sizes[size]) / ones[^1]);
            }

            for (int size = 0; drafter is not null && size < DraftSizes.Length; size++)
            {
                ones.Add(Time(target, 1));
                (double drafted, double evaluated) = TimeTurn(drafter, target, DraftSizes[size]);
                drafts[size].Add(drafted / ones[^1]);
                behind[size].Add(evaluated / ones[^1]);
            }

            if (drafter is not null)
            {
                double usual = TimeTurn(drafter, target, 1).Drafted;
                unread.Add((TimeTurn(drafter, target, 1, unread: 1).Drafted - usual) / ones[^1]);
            }
        }

        double one = Comparison.Median([.. ones]);
        return drafter is null
            ? new ModelCosts(ToCurve(Sizes, alone), null, null, 0)
            : new ModelCosts(ToCurve(Sizes, alone), ToCurve(DraftSizes, drafts), ToCurve(DraftSizes, behind), one * Comparison.Median([.. unread]));

        CostCurve ToCurve(int[] sizes, List<double>[] ratios) => new(sizes, [.. ratios.Select(ratio => one * Comparison.Median([.. ratio]))]);
    }

    private static List<double>[] Lists(int[] sizes) => [.. sizes.Select(static _ => new List<double>())];

    private static void Prefill(IModelContext context, int cells)
    {
        // What is measured needs cells too.
        int filled = Math.Min(cells, context.Limits.Cells - Sizes[^1]) - PromptTokens;
        int others = context.Limits.Sequences - 1;
        var batch = new ModelBatch();
        for (int token = 0; token < filled; token++)
        {
            Add(token / others, 1 + (token % others));
        }

        for (int position = 0; position < PromptTokens; position++)
        {
            Add(position, 0);
        }

        context.Evaluate(batch);

        void Add(int position, int sequence)
        {
            if (batch.Count == context.Limits.BatchTokens)
            {
                context.Evaluate(batch);
                batch.Clear();
            }

            batch.Add(10 + (position % 100), position, sequence);
        }
    }

    /// <summary>The first evaluation of a size builds its graph; the second is what a run of steps of one size takes.</summary>
    private static double Time(IModelContext context, int tokens)
    {
        _ = Evaluate(context, 0, tokens);
        context.Trim(0, PromptTokens);
        double seconds = Evaluate(context, 0, tokens);
        context.Trim(0, PromptTokens);
        return seconds;
    }

    /// <summary>The second of two turns, for the same reason.</summary>
    private static (double Drafted, double Evaluated) TimeTurn(IModelContext drafter, IModelContext target, int tokens, int unread = 0)
    {
        double drafted = 0;
        double evaluated = 0;
        for (int turn = 0; turn < 2; turn++)
        {
            drafted = Evaluate(drafter, 0, 1, unread);
            for (int token = 1; token < tokens; token++)
            {
                drafted += Evaluate(drafter, unread + token, 1);
            }

            evaluated = Evaluate(target, 0, 1 + tokens);
            drafter.Trim(0, PromptTokens);
            target.Trim(0, PromptTokens);
        }

        return (drafted, evaluated);
    }

    private static double Evaluate(IModelContext context, int offset, int tokens, int unread = 0)
    {
        var batch = new ModelBatch();
        for (int i = offset; i < offset + unread; i++)
        {
            batch.Add(20 + i, PromptTokens + i, 0);
        }

        for (int i = offset + unread; i < offset + unread + tokens; i++)
        {
            batch.AddOutput(20 + i, PromptTokens + i, 0);
        }

        long start = Stopwatch.GetTimestamp();
        context.Evaluate(batch);
        _ = context.GetLogits(tokens - 1);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
