using LlamaProvider.Decoding.Scheduling;

namespace LlamaProvider.Decoding.Strategies.Speculative.Control;

/// <summary>Says how many tokens to draft: as many as give the engine the most tokens a second, by measured acceptance and measured costs.</summary>
/// <remarks>
/// With n running requests a step takes T(n) and gives n tokens. One that verifies k drafted tokens takes T(n + k) + k·D, with D the seconds that drafting a token takes, and gives
/// n + a₁ + a₁a₂ + … + a₁⋯a_k, with a_i the probability that token i is accepted once those before it were. The k with the highest rate is taken; k = 0 is no draft. So a full engine,
/// whose steps grow with each token, drafts less than an idle one. Source: Leviathan et al. 2023, section 3.5, with measured values in place of constants.
/// <para>
/// Drafting that does not pay is off, and tried again with <see cref="ProbeTokens"/> tokens after <see cref="FirstPause"/> offers, then after twice as many each time up to
/// <see cref="LongestPause"/>, since texts change.
/// </para>
/// </remarks>
internal sealed class DraftLengthController
{
    /// <summary>Classes of drafts whose acceptance is learned apart.</summary>
    public const int Classes = 4;

    /// <summary>Offers that are not taken before one is tried.</summary>
    public const int FirstPause = 16;

    /// <summary>The most offers that are not taken before one is tried.</summary>
    public const int LongestPause = 256;

    /// <summary>Tokens of a draft that tries whether it pays again.</summary>
    public const int ProbeTokens = 2;

    /// <summary>Tokens of a draft before any step was measured.</summary>
    private const int UnmeasuredTokens = 4;

    /// <summary>By how much a draft must be better than none; less is noise.</summary>
    private const double LeastGain = 1.01;
    private const double Initial = 0.7;
    private const double Weight = 0.2;

    private readonly (AcceptanceEstimate Acceptance, Pause Pause)[] _classes =
        [.. Enumerable.Range(0, Classes).Select(static _ => (new AcceptanceEstimate(Initial), new Pause()))];

    /// <summary>Seconds that drafting a token takes, as measured; 0 before.</summary>
    public double DraftSeconds { get; private set; }

    /// <summary>How many tokens to draft.</summary>
    /// <param name="kind">The class of the draft.</param>
    /// <param name="limit">The most tokens.</param>
    /// <param name="requests">Requests that are running.</param>
    /// <param name="costs">What steps take.</param>
    public int Choose(int kind, int limit, int requests, StepCosts costs)
    {
        if (limit <= 0)
        {
            return 0;
        }

        double plain = costs.Estimate(requests);
        if (plain == 0)
        {
            return Math.Min(limit, UnmeasuredTokens);
        }

        (AcceptanceEstimate acceptance, Pause pause) = _classes[kind];
        int best = 0;
        double bestRate = LeastGain * requests / plain;
        double tokens = requests;
        double reach = 1;
        double rate = Initial;
        for (int length = 1; length <= limit; length++)
        {
            rate = acceptance.RateAt(length - 1, rate);
            reach *= rate;
            tokens += reach;
            double perSecond = tokens / (costs.Estimate(requests + length) + (length * DraftSeconds));
            if (perSecond > bestRate)
            {
                (best, bestRate) = (length, perSecond);
            }
        }

        return best > 0 ? pause.End(best) : pause.TryProbe() ? Math.Min(limit, ProbeTokens) : 0;
    }

    /// <summary>Notes what drafting took.</summary>
    /// <param name="tokens">Tokens that were drafted, at least 1.</param>
    /// <param name="seconds">How long it took.</param>
    public void ObserveCost(int tokens, double seconds)
    {
        double cost = seconds / tokens;
        DraftSeconds = DraftSeconds == 0 ? cost : DraftSeconds + (Weight * (Math.Min(cost, 3 * DraftSeconds) - DraftSeconds));
    }

    /// <summary>Notes how a draft fared.</summary>
    /// <param name="kind">Its class.</param>
    /// <param name="reached">Tokens that were decided about.</param>
    /// <param name="accepted">Those of them that were accepted.</param>
    public void Observe(int kind, int reached, int accepted) => _classes[kind].Acceptance.Observe(reached, accepted);

    /// <summary>How long a class is off.</summary>
    private sealed class Pause
    {
        private int _length = FirstPause;
        private int _passed;

        public int End(int tokens)
        {
            (_length, _passed) = (FirstPause, 0);
            return tokens;
        }

        public bool TryProbe()
        {
            if (++_passed < _length)
            {
                return false;
            }

            (_length, _passed) = (Math.Min(2 * _length, LongestPause), 0);
            return true;
        }
    }
}
