using System.Collections.Immutable;

namespace LlamaProvider.Decoding.Strategies.Speculative;

/// <summary>Counts what <see cref="SpeculationStatistics"/> says. Written on the engine's threads, read after the request's end.</summary>
internal sealed class SpeculationCounts
{
    private readonly List<int> _reached = [];
    private readonly List<int> _accepted = [];
    private readonly Dictionary<string, int> _byDrafter = new(StringComparer.Ordinal);
    private int _steps;
    private int _draftedSteps;

    public TimeSpan DraftTime { get; set; }

    /// <summary>Seconds that were saved.</summary>
    public double SavedSeconds { get; set; }

    /// <summary>Counts a step.</summary>
    /// <param name="drafter">Who drafted; <see langword="null"/> without a draft.</param>
    /// <param name="drafted">Tokens that were drafted.</param>
    /// <param name="reached">Tokens that were decided about.</param>
    /// <param name="accepted">Tokens that were accepted.</param>
    public void Add(string? drafter, int drafted, int reached, int accepted)
    {
        _steps++;
        if (drafter is null || drafted == 0)
        {
            return;
        }

        _draftedSteps++;
        System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_byDrafter, drafter, out _) += drafted;
        while (_reached.Count < drafted)
        {
            _reached.Add(0);
            _accepted.Add(0);
        }

        for (int position = 0; position < reached; position++)
        {
            _reached[position]++;
            _accepted[position] += position < accepted ? 1 : 0;
        }
    }

    public SpeculationStatistics ToStatistics() => new()
    {
        Steps = _steps,
        DraftedSteps = _draftedSteps,
        DraftedTokens = _byDrafter.Values.Sum(),
        AcceptedTokens = _accepted.Sum(),
        DraftedTokensByDrafter = _byDrafter.ToImmutableDictionary(StringComparer.Ordinal),
        ReachedByPosition = [.. _reached],
        AcceptedByPosition = [.. _accepted],
        DraftTime = DraftTime,
        SavedTime = TimeSpan.FromSeconds(SavedSeconds),
    };
}
