namespace LlamaProvider.Decoding.Strategies.Speculative.Control;

/// <summary>Lets drafts that do not pay be tried again, since texts change, for less than a hundredth of the time that steps without drafts take.</summary>
/// <remarks>
/// A trial costs more than its drafts: a draft model must first catch up with the text; and less, as far as they are accepted. So trials are rationed by what they take, not counted, and come where
/// they are cheap, such as at the beginning of an answer to a short prompt.
/// </remarks>
internal sealed class ProbeBudget
{
    private const double Share = 0.006;

    /// <summary>The most steps whose time is saved up, so that a long time without drafts is not followed by many trials.</summary>
    private const double MostSteps = 16;

    private double _seconds;

    /// <summary>A step could go without a draft.</summary>
    /// <param name="step">Seconds that it takes.</param>
    public void Save(double step) => _seconds = Math.Min(_seconds + (Share * step), MostSteps * step);

    /// <summary>Whether enough is saved up to try a draft instead; what that takes is spent then.</summary>
    /// <param name="trial">Seconds that a trial adds.</param>
    public bool TryProbe(double trial)
    {
        if (_seconds < trial)
        {
            return false;
        }

        _seconds -= trial;
        return true;
    }
}
