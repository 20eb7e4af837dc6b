namespace LlamaProvider.Decoding.Strategies.Speculative.Control;

/// <summary>What the requests of an engine have learned together about one drafter with one sampler pipeline, so that a new request need not begin with guesses.</summary>
/// <remarks>
/// How often drafts are accepted hangs on drafter and samplers before it hangs on the text, and answers are often too short to learn it in. Used on the engine's thread.
/// </remarks>
internal sealed class DraftExperience
{
    private const double Fading = 0.99;
    private const double Prior = 3;
    private const double Initial = 0.7;
    private const double Weight = 0.2;
    private const double FallingWeight = 0.5;
    private const double MostOfAverage = 1.25;
    private const double InitialAnswer = 128;
    private const double LengthFading = 0.97;
    private const double InitialDrafts = 4;

    private readonly AcceptanceEstimate[] _acceptance = [.. Enumerable.Range(0, DraftLengthController.Classes).Select(static _ => new AcceptanceEstimate(Fading, Prior))];

    private double _changes;
    private double _drafts = InitialDrafts;

    /// <summary>How often a draft comes with a change of the step's size: about 0 where all steps have drafts of one length, 2 where a draft stands between steps without. Where trials begin and end does not count. At first 0.</summary>
    public double ChangesPerDraft => Math.Min(2, _changes / _drafts);

    /// <summary>Seconds that drafting a token takes, as measured; 0 before.</summary>
    public double DraftSeconds { get; private set; }

    /// <summary>Seconds that catching up with a token takes, as measured; 0 before.</summary>
    public double CatchUpSeconds { get; private set; }

    /// <summary>Tokens that answers usually have.</summary>
    public double AnswerTokens { get; private set; } = InitialAnswer;

    /// <summary>Seconds that trials of drafts that do not pay may take.</summary>
    public ProbeBudget Budget { get; } = new();

    /// <summary>The probability that a token is accepted once those before it were.</summary>
    /// <param name="kind">The class of the draft.</param>
    /// <param name="position">The token's position in the draft.</param>
    /// <param name="before">The probability at the position before it; ignored for the first.</param>
    public double RateAt(int kind, int position, double before) => _acceptance[kind].RateAt(position, position == 0 ? Initial : before);

    /// <summary>Notes how a draft fared.</summary>
    /// <param name="kind">Its class.</param>
    /// <param name="reached">Tokens that were decided about.</param>
    /// <param name="accepted">Those of them that were accepted.</param>
    public void Observe(int kind, int reached, int accepted) => _acceptance[kind].Observe(reached, accepted);

    /// <summary>Notes what drafting took.</summary>
    /// <param name="tokens">Tokens that were drafted, at least 1.</param>
    /// <param name="seconds">How long it took.</param>
    public void ObserveDraft(int tokens, double seconds) => DraftSeconds = Learn(DraftSeconds, seconds / tokens);

    /// <summary>Notes what catching up took.</summary>
    /// <param name="tokens">Tokens that were missing, at least 1.</param>
    /// <param name="seconds">How long it took.</param>
    public void ObserveCatchUp(int tokens, double seconds) => CatchUpSeconds = Learn(CatchUpSeconds, seconds / tokens);

    /// <summary>Notes how many tokens a step drafts after one that drafted so many.</summary>
    public void ObserveLength(int before, int length)
    {
        if (before == 0 && length == 0)
        {
            return;
        }

        _changes = (LengthFading * _changes) + (before == length ? 0 : 1);
        _drafts = (LengthFading * _drafts) + (length > 0 ? 1 : 0);
    }

    /// <summary>Notes how long an answer was.</summary>
    public void ObserveAnswer(int tokens) => AnswerTokens += Weight * (tokens - AnswerTokens);

    /// <summary>What disturbs the machine only ever adds, and is no cost of the drafter: so a single value counts at most 1.25 times the average, and lower ones count more.</summary>
    private static double Learn(double average, double value) =>
        average == 0 ? value : average + ((value < average ? FallingWeight : Weight) * (Math.Min(value, MostOfAverage * average) - average));
}
