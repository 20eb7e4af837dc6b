namespace LlamaProvider.Decoding.Tracing;

/// <summary>A draft was verified, or it was decided to have none. It comes after the tokens that it gave.</summary>
/// <remarks>
/// Its step's chosen tokens are the accepted ones that are not forced, then the correction or the bonus. Without a draft the one token that every step gives is its bonus.
/// </remarks>
public sealed record DraftStep : TraceStep
{
    internal const string TypeName = "draft";

    /// <summary>Who drafted: the name of a draft model or drafter, <c>prompt_lookup</c> or <c>forced_text</c>; <see langword="null"/> without a draft.</summary>
    public string? Drafter { get; init; }

    /// <summary>Why the draft is as long as it is.</summary>
    public required DraftLengthReason Reason { get; init; }

    /// <summary>The most tokens that there was room for and that were asked for, of the drafter that was asked last.</summary>
    public required int Limit { get; init; }

    /// <summary>The drafted tokens.</summary>
    public required IReadOnlyList<DraftedToken> Tokens { get; init; }

    /// <summary>What took the place of the first rejected token; <see langword="null"/> when none was rejected.</summary>
    public TraceToken? Correction { get; init; }

    /// <summary>The token that the last output gave after all drafted ones were accepted; <see langword="null"/> when one was rejected or the answer ended before.</summary>
    public TraceToken? Bonus { get; init; }

    /// <summary>How many drafted tokens were accepted.</summary>
    public int Accepted => Tokens.Count(static token => token.Outcome is DraftOutcome.Accepted or DraftOutcome.Forced);
}

/// <summary>A drafted token and what became of it.</summary>
/// <param name="Token">The token.</param>
/// <param name="Text">Its text, as of <see cref="TraceToken"/>.</param>
/// <param name="DraftProbability">q: the probability with which its drafter drew it; 1 for a drafter that always drafts it here.</param>
/// <param name="Probability">p: its probability by the model, after constraint and samplers; <see langword="null"/> when it was not decided about by a draw.</param>
/// <param name="Outcome">What became of it.</param>
public readonly record struct DraftedToken(int Token, string Text, double DraftProbability, double? Probability, DraftOutcome Outcome);

/// <summary>What became of a drafted token.</summary>
public enum DraftOutcome
{
    /// <summary>A token before it was rejected or ended the answer, so nothing was decided about it.</summary>
    NotReached,

    /// <summary>It became the answer's, by probability min(1, p / q).</summary>
    Accepted,

    /// <summary>It became the answer's because the constraint forced it.</summary>
    Forced,

    /// <summary>Another token took its place.</summary>
    Rejected,
}

/// <summary>Why a draft is as long as it is.</summary>
public enum DraftLengthReason
{
    /// <summary>No drafter had anything to offer.</summary>
    NoOffer,

    /// <summary>The answer or the batch has no room for a draft.</summary>
    NoRoom,

    /// <summary>The request wants drafts of this length.</summary>
    Fixed,

    /// <summary>No step has been measured yet, so it is the length to begin with.</summary>
    Unmeasured,

    /// <summary>By measured acceptance and costs, this length gives the most tokens a second.</summary>
    Fastest,

    /// <summary>Drafts do not pay now; one token is tried to see whether they do again.</summary>
    Probe,

    /// <summary>By measured acceptance and costs, no draft pays.</summary>
    Unprofitable,

    /// <summary>The drafter could not catch up with the text in this step, gave nothing, or failed.</summary>
    NothingDrafted,
}
