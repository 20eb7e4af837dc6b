using System.Diagnostics;
using LlamaProvider.Benchmarks.Support;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Benchmarks.Speculative;

/// <summary>Measures <see cref="ModelCosts"/>, some rounds whenever it is asked to.</summary>
/// <remarks>
/// What matters is how the costs compare, and machines change their pace within seconds. So each evaluation is compared with one of a single token just before it, and the middle one of these
/// ratios counts. Two models that take turns find the caches full of each other's weights, so a draft model's costs are measured in turns.
/// </remarks>
internal sealed class CostSampler : IDisposable
{
    private const int PromptTokens = 100;
    private const int MaxRounds = 101;
    private static readonly int[] Sizes = [1, 2, 3, 4, 5, 7, 9, 13, 17];
    private static readonly int[] DraftSizes = [1, 2, 3, 4, 6, 8];

    private readonly IModelContext _target;
    private readonly IModelContext? _drafter;
    private readonly List<double> _ones = [];
    private readonly List<double>[] _alone = Lists(Sizes);
    private readonly List<double>[] _drafts = Lists(DraftSizes);
    private readonly List<double>[] _behind = Lists(DraftSizes);
    private readonly List<double> _unread = [];

    /// <param name="model">The model.</param>
    /// <param name="draft">Its draft model.</param>
    /// <param name="context">As the engine's.</param>
    /// <param name="cells">Cells that the engine uses, for prefixes of other answers: attention goes over them too.</param>
    public CostSampler(ILanguageModel model, ILanguageModel? draft, ContextOptions context, int cells)
    {
        _target = model.CreateContext(context);
        _drafter = draft?.CreateContext(context);
        Prefill(_target, cells);
        if (_drafter is not null)
        {
            // A draft model's context keeps the latest answer of each of the engine's sequences only.
            Prefill(_drafter, context.Sequences * PromptTokens);
        }
    }

    public void Dispose()
    {
        _drafter?.Dispose();
        _target.Dispose();
    }

    /// <summary>Measures so many rounds at least, and more while there is time.</summary>
    public void Sample(int rounds, TimeSpan limit)
    {
        long start = Stopwatch.GetTimestamp();
        for (int round = 0; round < rounds || (round < MaxRounds && Stopwatch.GetElapsedTime(start) < limit); round++)
        {
            SampleAlone();
            if (_drafter is not null)
            {
                SampleTurns(_drafter);
            }
        }
    }

    /// <summary>What was measured since the last call.</summary>
    public ModelCosts Take()
    {
        double one = Comparison.Median([.. _ones]);
        ModelCosts costs = _drafter is null
            ? new ModelCosts(TakeCurve(Sizes, _alone), null, null, 0)
            : new ModelCosts(TakeCurve(Sizes, _alone), TakeCurve(DraftSizes, _drafts), TakeCurve(DraftSizes, _behind), one * Comparison.Median([.. _unread]));
        _ones.Clear();
        _unread.Clear();
        return costs;

        CostCurve TakeCurve(int[] sizes, List<double>[] ratios)
        {
            var curve = new CostCurve(sizes, [.. ratios.Select(ratio => one * Comparison.Median([.. ratio]))]);
            Array.ForEach(ratios, static ratio => ratio.Clear());
            return curve;
        }
    }

    private void SampleAlone()
    {
        for (int size = 0; size < Sizes.Length; size++)
        {
            double one = Time(_target, 1);
            _ones.Add(one);
            _alone[size].Add(Time(_target, Sizes[size]) / one);
        }
    }

    private void SampleTurns(IModelContext drafter)
    {
        double one;
        for (int size = 0; size < DraftSizes.Length; size++)
        {
            one = Time(_target, 1);
            (double drafted, double evaluated) = TimeTurn(drafter, _target, DraftSizes[size]);
            _ones.Add(one);
            _drafts[size].Add(drafted / one);
            _behind[size].Add(evaluated / one);
        }

        // A difference of two, so both are taken at the same pace of the machine.
        one = Time(_target, 1);
        double usual = TimeTurn(drafter, _target, 1).Drafted;
        _unread.Add((TimeTurn(drafter, _target, 1, unread: 1).Drafted - usual) / one);
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
