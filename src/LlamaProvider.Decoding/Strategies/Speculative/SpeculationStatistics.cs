using System.Collections.Immutable;

namespace LlamaProvider.Decoding.Strategies.Speculative;

/// <summary>How speculative decoding fared in one answer.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed record SpeculationStatistics
{
    /// <summary>Evaluations that the answer took after its prompt, with a draft or without.</summary>
    public required int Steps { get; init; }

    /// <summary>Evaluations that verified a draft.</summary>
    public required int DraftedSteps { get; init; }

    /// <summary>Tokens that were drafted.</summary>
    public required int DraftedTokens { get; init; }

    /// <summary>Drafted tokens that became part of the answer.</summary>
    public required int AcceptedTokens { get; init; }

    /// <summary>Drafted tokens by the drafter that drafted them: its name as the engine knows it, <c>prompt_lookup</c> or <c>forced_text</c>.</summary>
    public required ImmutableDictionary<string, int> DraftedTokensByDrafter { get; init; }

    /// <summary>By position in the draft: how many tokens were decided about, since those before them were accepted.</summary>
    public required ImmutableArray<int> ReachedByPosition { get; init; }

    /// <summary>By position in the draft: how many tokens were accepted.</summary>
    public required ImmutableArray<int> AcceptedByPosition { get; init; }

    /// <summary>The time that drafting took.</summary>
    public required TimeSpan DraftTime { get; init; }

    /// <summary>
    /// The time that was saved, estimated: what the answer's tokens would have taken one a step, as such steps were measured, less what its steps and drafts took. Negative where drafts cost more
    /// than they gave; zero where no step was measured.
    /// </summary>
    public required TimeSpan SavedTime { get; init; }

    /// <summary>The share of drafted tokens that became part of the answer; 0 without drafts.</summary>
    public double Acceptance => DraftedTokens == 0 ? 0 : (double)AcceptedTokens / DraftedTokens;
}
