using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Tracing;

namespace LlamaProvider.Decoding.Strategies.Speculative.Control;

/// <summary>Says how many tokens to draft: as many as give the engine the most tokens a second, by measured acceptance and measured costs.</summary>
/// <remarks>
/// With n running requests a step takes T(n) and gives n tokens. One that verifies k drafted tokens takes T(n + k) + k·D + c·C, with D the seconds that drafting a token takes, C those that a step
/// takes more after one of another size, and c how often a draft brings such a change (<see cref="DraftExperience.ChangesPerDraft"/>); and it gives n + a₁ + a₁a₂ + … + a₁⋯a_k, with a_i the probability that token i is accepted once those before it were. The k with the highest rate is taken; k = 0 is no draft. So a full engine,
/// whose steps grow with each token, drafts less than an idle one. What choosing tokens takes is left out, since each is chosen once, drafted or not: that lowers all rates, but makes no draft pay or not pay. Source: Leviathan et al. 2023, section 3.5, with measured values in place of constants.
/// <para>
/// a_i begins with what other requests have seen (<see cref="DraftExperience"/>). Where this request is better or worse at position i − 1, it is expected to be so by as much at position i; and at
/// the first position of a class, by as much as all its drafts were at theirs: where a text does not copy, it shows in the first draft of any class.
/// </para>
/// <para>
/// A draft model that is behind must first read what it has missed, the prompt at least. That pays when what drafts save over the tokens that answers usually have is more than it takes.
/// </para>
/// <para>Drafting that does not pay is off, and tried again with one token for a few steps now and then (<see cref="ProbeBudget"/>), unless what would be drafted is compared with the text without verifying it. Whether it
/// pays again is looked at every eighth step.</para>
/// </remarks>
/// <param name="experience">What other requests have learned; used on the engine's thread.</param>
/// <param name="probes">Whether drafts that do not pay are tried again.</param>
internal sealed class DraftLengthController(DraftExperience experience, bool probes = true)
{
    /// <summary>Classes of drafts whose acceptance is learned apart.</summary>
    public const int Classes = 4;

    /// <summary>Tokens of a draft before any step was measured.</summary>
    private const int UnmeasuredTokens = 4;

    /// <summary>By how much a draft must be better than none. Costs and acceptance are measured with an error, so where less is to be had, drafting is as often slower as faster.</summary>
    private const double LeastGain = 1.05;

    /// <summary>Steps of a trial. The first after a pause finds the caches cold and brings a change of the step's size, so it tells little of those that would follow.</summary>
    private const int TrialSteps = 4;

    /// <summary>The least that a step of a trial is taken to lose, of a step: what it is expected to lose is as uncertain as its costs.</summary>
    private const double LeastLoss = 0.1;

    /// <summary>Steps that go by without asking once drafting is found not to pay. Asking takes a hundredth of the step of a tiny model, and what would change the answer comes slowly.</summary>
    private const int RestSteps = 7;

    private const double Fading = 0.96;

    /// <summary>Trials that what others have seen weighs as much as. An answer has few, so on their own they would say more of chance than of the text.</summary>
    private const double Prior = 8;

    private const double Least = 0.02;
    private const double Most = 0.99;

    private readonly AcceptanceEstimate[] _acceptance = [.. Enumerable.Range(0, Classes).Select(static _ => new AcceptanceEstimate(Fading, Prior))];
    private readonly double[] _expected = new double[Classes];
    private readonly List<(int Kind, int Reached, int Accepted)> _unshared = new(Classes + 1);

    /// <summary>By how much first tokens were accepted more often than expected, in sum over <see cref="_trials"/>; both fade.</summary>
    private double _surprise;
    private double _trials;
    private int _latest;
    private int _trial;
    private int _rest;
    private int _restRequests;

    /// <summary>Why the last length is what it is.</summary>
    public DraftLengthReason Reason { get; private set; }

    /// <summary>How many tokens to draft.</summary>
    /// <param name="offer">What could be drafted.</param>
    /// <param name="requests">Requests that are running.</param>
    /// <param name="costs">What steps take.</param>
    public int Choose(DraftOffer offer, int requests, StepCosts costs)
    {
        Share();
        if (offer.Limit <= 0)
        {
            return Because(DraftLengthReason.NoRoom, 0);
        }

        double plain = costs.Estimate(requests);
        if (plain == 0)
        {
            return Because(DraftLengthReason.Unmeasured, Math.Min(offer.Limit, UnmeasuredTokens));
        }

        _expected[offer.Kind] = experience.RateAt(offer.Kind, 0, 0);
        int best = FindBest(offer, requests, plain, costs, out double rate);
        double catchUp = offer.Missing * experience.CatchUpSeconds;
        double saved = ((plain / requests) - (1 / rate)) * Math.Min(offer.Remaining, experience.AnswerTokens);
        if (best > 0 && saved > catchUp)
        {
            return Because(DraftLengthReason.Fastest, best);
        }

        if (probes && GoesOnTrying(offer, requests, plain, catchUp, costs))
        {
            return Because(DraftLengthReason.Probe, 1);
        }

        (_rest, _restRequests) = (probes ? RestSteps : 0, requests);
        return Because(DraftLengthReason.Unprofitable, 0);
    }

    /// <summary>Whether this step goes without a draft too, because one did not pay a few steps ago in an engine as busy as now. Then <see cref="Choose"/> is not to be called.</summary>
    /// <param name="requests">Requests that are running.</param>
    /// <param name="plain">Seconds that a step without a draft takes.</param>
    public bool Rests(int requests, double plain)
    {
        if (_rest == 0 || requests != _restRequests)
        {
            _rest = 0;
            return false;
        }

        _rest--;
        experience.Budget.Save(plain);
        return true;
    }

    /// <summary>Notes how a draft fared. Others learn of it with the next <see cref="Choose"/>, since this may be called on any thread.</summary>
    /// <param name="kind">Its class.</param>
    /// <param name="reached">Tokens that were decided about.</param>
    /// <param name="accepted">Those of them that were accepted.</param>
    public void Observe(int kind, int reached, int accepted)
    {
        if (reached > 0)
        {
            _surprise = (Fading * _surprise) + (accepted > 0 ? 1 : 0) - _expected[kind];
            _trials = (Fading * _trials) + 1;
        }

        _acceptance[kind].Observe(reached, accepted);
        _unshared.Add((kind, reached, accepted));
    }

    /// <summary>Whether drafting is tried though it does not seem to pay: for some steps, as soon as the time is there.</summary>
    private bool GoesOnTrying(DraftOffer offer, int requests, double plain, double catchUp, StepCosts costs)
    {
        if (_trial > 0 && offer.Missing == 0)
        {
            _trial--;
            return true;
        }

        double gained = RateAt(offer.Kind, 0, (0, 0)).Own * plain / requests;
        double lost = experience.DraftSeconds + costs.Estimate(requests + 1) - plain - gained;

        // Its first step is of another size than the one before it, and so is the step behind its last.
        double trial = catchUp + (2 * costs.ChangeSeconds) + (TrialSteps * Math.Max(lost, LeastLoss * plain));
        experience.Budget.Save(plain);
        bool starts = experience.Budget.TryProbe(trial);
        _trial = starts ? TrialSteps - 1 : 0;
        return starts;
    }

    private int Because(DraftLengthReason reason, int tokens)
    {
        if (!IsEdgeOfTrial(Reason, reason))
        {
            experience.ObserveLength(_latest, tokens);
        }

        _latest = tokens;
        Reason = reason;
        return tokens;
    }

    /// <summary>Whether a step begins or ends a trial where drafts could have gone before or could go on: it changes its size because trials are short, which says nothing of drafts that pay.</summary>
    private static bool IsEdgeOfTrial(DraftLengthReason before, DraftLengthReason now) =>
        (now == DraftLengthReason.Probe && before is DraftLengthReason.Unprofitable or DraftLengthReason.NoOffer)
        || (before == DraftLengthReason.Probe && now == DraftLengthReason.Unprofitable);

    private int FindBest(DraftOffer offer, int requests, double plain, StepCosts costs, out double bestRate)
    {
        int best = 0;
        bestRate = LeastGain * requests / plain;
        double tokens = requests;
        double reach = 1;
        (double Others, double Own) rate = (0, 0);
        for (int length = 1; length <= offer.Limit; length++)
        {
            rate = RateAt(offer.Kind, length - 1, rate);
            reach *= rate.Own;
            tokens += reach;
            double perSecond = tokens / (costs.Estimate(requests + length) + (length * experience.DraftSeconds) + (experience.ChangesPerDraft * costs.ChangeSeconds));
            if (perSecond > bestRate)
            {
                (best, bestRate) = (length, perSecond);
            }
        }

        return best;
    }

    /// <summary>The probability that a token is accepted once those before it were, for others and for this request.</summary>
    private (double Others, double Own) RateAt(int kind, int position, (double Others, double Own) before)
    {
        double others = experience.RateAt(kind, position, before.Others);
        double difference = position > 0 ? before.Own - before.Others : _surprise / (_trials + Prior);
        double expected = Math.Clamp(others + difference, Least, Most);
        return (others, Math.Clamp(_acceptance[kind].RateAt(position, expected), Least, Most));
    }

    private void Share()
    {
        foreach ((int kind, int reached, int accepted) in _unshared)
        {
            experience.Observe(kind, reached, accepted);
        }

        _unshared.Clear();
    }
}
