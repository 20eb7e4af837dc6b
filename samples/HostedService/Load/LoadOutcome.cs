namespace HostedService.Load;

/// <summary>How one request ended.</summary>
internal enum LoadOutcome
{
    /// <summary>The whole answer came: its end was marked, it gave a reason for it, and it had text.</summary>
    Whole,

    /// <summary>The caller left on purpose.</summary>
    Left,

    /// <summary>The queue was full, or the service stopped: 429 or 503 with Retry-After.</summary>
    Refused,

    /// <summary>Anything else: another status, a connection that broke, an answer that lacks a part.</summary>
    Broken,
}

/// <summary>One request.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="FirstText">Until its first text; <see langword="null"/> when there was none, or it did not stream.</param>
/// <param name="Note">What was wrong, if something was.</param>
internal sealed record LoadResult(LoadOutcome Outcome, TimeSpan Elapsed, TimeSpan? FirstText = null, string? Note = null);
