namespace LlamaProvider.Decoding.Strategies.Speculative.Control;

/// <summary>How probable it is that a drafted token is accepted once those before it were, learned by its position in the draft.</summary>
/// <remarks>
/// Counts that fade by <see cref="Fading"/> with each trial, so that about the last 25 of a position count. A position that was seldom reached leans on the one before it as on <see cref="Prior"/>
/// trials; the first leans on an initial guess.
/// </remarks>
/// <param name="initial">The guess before the first draft.</param>
internal sealed class AcceptanceEstimate(double initial)
{
    private const double Fading = 0.96;
    private const double Prior = 2;

    private readonly List<(double Trials, double Hits)> _positions = [];

    /// <summary>Notes how a draft fared.</summary>
    /// <param name="reached">Tokens that were decided about.</param>
    /// <param name="accepted">Those of them, the first ones, that were accepted.</param>
    public void Observe(int reached, int accepted)
    {
        while (_positions.Count < reached)
        {
            _positions.Add(default);
        }

        for (int position = 0; position < reached; position++)
        {
            (double trials, double hits) = _positions[position];
            _positions[position] = ((Fading * trials) + 1, (Fading * hits) + (position < accepted ? 1 : 0));
        }
    }

    /// <summary>The probability at a position.</summary>
    /// <param name="position">The position, from 0.</param>
    /// <param name="before">The probability at the position before it; ignored for the first.</param>
    public double RateAt(int position, double before)
    {
        (double trials, double hits) = position < _positions.Count ? _positions[position] : default;
        return (hits + (Prior * (position == 0 ? initial : before))) / (trials + Prior);
    }
}
