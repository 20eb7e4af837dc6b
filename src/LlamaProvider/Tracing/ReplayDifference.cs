using System.Text.Json;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Options;

namespace LlamaProvider.Tracing;

/// <summary>Says why a replay has other tokens than its trace.</summary>
internal static class ReplayDifference
{
    /// <summary>Log-probabilities that are no further apart may change places with the shape of a batch. Chosen generously, not measured on every back end: it only decides which explanation is given.</summary>
    private const double NearTie = 0.02;

    public static string Explain(AnswerTrace trace, AnswerTrace replayed, int position)
    {
        TokenStep? then = trace.FindToken(position);
        TokenStep? now = replayed.FindToken(position);
        string what = then is not null && now is not null && then.Token.Id != now.Token.Id
            ? $"The replay differs at token {position + 1}: '{now.Token.Text}' in place of '{then.Token.Text}'."
            : $"The replay differs at token {position + 1}.";
        return $"{what} {Cause(trace, replayed, then, now)}";
    }

    private static string Cause(AnswerTrace trace, AnswerTrace replayed, TokenStep? then, TokenStep? now)
    {
        if (trace.Model.Backend != replayed.Model.Backend)
        {
            return $"It ran on another back end, which rounds otherwise: '{replayed.Model.Backend}', where the trace ran on '{trace.Model.Backend}'.";
        }

        if (HasAdaptiveDrafts(trace))
        {
            return "Its drafts are as long as pays by measured costs, and what is drawn hangs on their length. Draft with adaptive: false for answers that can be replayed.";
        }

        if (then is not null && now is not null && Distance(then, now) is double distance)
        {
            return distance <= NearTie
                ? FormattableString.Invariant($"The two were {distance:0.####} apart in log-probability, a near tie that another batch shape may turn.")
                : FormattableString.Invariant($"The two were {distance:0.####} apart in log-probability, so rounding does not explain it: a custom sampler, guide or draft model is another, or does not follow from its arguments.");
        }

        return "The trace does not hold how the token was chosen, so no more can be said. Capture it with a larger top and max_steps.";
    }

    /// <summary>How far the two tokens were apart where they were chosen; <see langword="null"/> when one of them is not among the shown candidates.</summary>
    private static double? Distance(TokenStep then, TokenStep now)
    {
        TraceCandidate other = then.Final.Top.FirstOrDefault(candidate => candidate.Token == now.Token.Id);
        return other.Probability > 0 && then.Probability > 0 ? Math.Abs(Math.Log(then.Probability / other.Probability)) : null;
    }

    private static bool HasAdaptiveDrafts(AnswerTrace trace) =>
        trace.Request.Options.TryGetProperty("additionalProperties", out JsonElement more)
        && more.TryGetProperty(LlamaOptionKeys.SpeculativeDecoding, out JsonElement drafts)
        && !(drafts.TryGetProperty("adaptive", out JsonElement adaptive) && adaptive.ValueKind == JsonValueKind.False);
}
