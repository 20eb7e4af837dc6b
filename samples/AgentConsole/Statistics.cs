using Microsoft.Extensions.AI;

namespace AgentConsole;

/// <summary>How fast an answer was.</summary>
/// <param name="Tokens">Its length; <see langword="null"/> when it was stopped, since the count comes with the end.</param>
/// <param name="FirstToken">Time until the first text; <see langword="null"/> when there was none.</param>
/// <param name="Total">Time until the end.</param>
internal sealed record Statistics(long? Tokens, TimeSpan? FirstToken, TimeSpan Total)
{
    /// <summary>
    /// Speed after the first token, whose time is mostly that of reading the prompt: (tokens − 1) / (total − first).
    /// <see langword="null"/> when there are too few tokens to tell.
    /// </summary>
    public double? TokensPerSecond =>
        Tokens > 1 && FirstToken is { } first && Total > first ? (Tokens - 1) / (Total - first).TotalSeconds : null;
}

/// <summary>Takes the times of one answer, from its creation on.</summary>
internal sealed class AnswerClock(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private TimeSpan? _firstToken;

    public void MarkText() => _firstToken ??= time.GetElapsedTime(_start);

    public Statistics Stop(UsageDetails? usage) => new(usage?.OutputTokenCount, _firstToken, time.GetElapsedTime(_start));
}
