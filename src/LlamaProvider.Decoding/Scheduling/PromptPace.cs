namespace LlamaProvider.Decoding.Scheduling;

/// <summary>How many prompt tokens a step may have beside running answers, so that it holds them up no longer than a given time.</summary>
/// <remarks>
/// The time of a step is about proportional to the prompt tokens in it once there are some dozens, so the pace (seconds a token) of recent steps with
/// prompts foretells it: an exponential average that forgets half of what it knew in a few steps. Until there is a measurement, and at the slowest,
/// a step has <see cref="Least"/> prompt tokens; fewer would make a prompt much slower without making answers faster.
/// </remarks>
/// <param name="longestPause">How long prompts may hold up running answers at a time.</param>
internal sealed class PromptPace(TimeSpan longestPause)
{
    /// <summary>The fewest prompt tokens of a step, and those from which on a step says something about the pace.</summary>
    public const int Least = 32;

    private const double Weight = 0.25;
    private double? _secondsPerToken;

    /// <summary>The most prompt tokens of the next step beside running answers.</summary>
    public int Tokens => _secondsPerToken is double pace
        ? (int)Math.Clamp(longestPause.TotalSeconds / pace, Least, int.MaxValue)
        : Least;

    /// <summary>Notes how long a step took.</summary>
    /// <param name="tokens">Tokens evaluated in it.</param>
    /// <param name="seconds">How long the evaluation took.</param>
    public void Observe(int tokens, double seconds)
    {
        if (tokens >= Least)
        {
            double pace = Math.Max(seconds, 1e-9) / tokens;
            _secondsPerToken = _secondsPerToken is double before ? before + (Weight * (pace - before)) : pace;
        }
    }
}
