using LlamaProvider.Decoding.Strategies.Speculative;

namespace LlamaProvider.Decoding.Tracing.Recording;

/// <summary>Records the drafts of one request and what became of them.</summary>
/// <param name="tokens">Records the choices of the same request.</param>
internal sealed class DraftRecorder(TokenRecorder tokens)
{
    private readonly List<(DraftOutcome Outcome, double? Probability)> _decided = [];
    private TraceToken? _correction;
    private TraceToken? _bonus;

    private TraceLog Log => tokens.Log;

    /// <summary>The outputs of a draft are there.</summary>
    public void Begin()
    {
        _decided.Clear();
        (_correction, _bonus) = (null, null);
    }

    /// <summary>A token was chosen where one was drafted.</summary>
    /// <param name="drafted">The drafted one.</param>
    /// <param name="chosen">The chosen one.</param>
    public void Decide(int drafted, int chosen)
    {
        _decided.Add((drafted == chosen ? DraftOutcome.Accepted : DraftOutcome.Rejected, tokens.ProbabilityOf(drafted)));
        _correction = drafted == chosen ? null : Log.Texts.Token(chosen);
    }

    /// <summary>A drafted token is what the constraint forces.</summary>
    public void Force() => _decided.Add((DraftOutcome.Forced, null));

    /// <summary>A token was chosen behind the draft.</summary>
    public void Add(int chosen) => _bonus = Log.Texts.Token(chosen);

    /// <summary>The step is over.</summary>
    /// <param name="draft">The draft.</param>
    /// <param name="length">How long it was to be, and why.</param>
    /// <param name="position">Tokens of the answer before it.</param>
    public void End(Draft draft, DraftLength length, int position)
    {
        var drafted = new DraftedToken[draft.Count];
        for (int index = 0; index < drafted.Length; index++)
        {
            (DraftOutcome outcome, double? probability) = index < _decided.Count ? _decided[index] : (DraftOutcome.NotReached, null);
            drafted[index] = new DraftedToken(draft[index], Log.Texts[draft[index]], draft.DistributionOf(index)?[draft[index]] ?? 1, probability, outcome);
        }

        Log.Add(new DraftStep
        {
            Evaluation = Log.Evaluation,
            Position = position,
            Drafter = drafted.Length > 0 ? length.Drafter : null,
            Reason = drafted.Length == 0 && length.Tokens > 0 ? DraftLengthReason.NothingDrafted : length.Reason,
            Limit = length.Limit,
            Tokens = drafted,
            Correction = _correction,
            Bonus = _bonus,
        });
    }
}
