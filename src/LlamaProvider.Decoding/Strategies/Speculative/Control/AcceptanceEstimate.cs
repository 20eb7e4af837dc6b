namespace LlamaProvider.Decoding.Strategies.Speculative.Control;

/// <summary>How probable it is that a drafted token is accepted once those before it were, learned by its position in the draft.</summary>
/// <remarks>Counts that fade with each trial. A position that was seldom reached leans on what is expected of it.</remarks>
/// <param name="fading">What is left of a trial after the next one: with f, about the last 1 / (1 − f) of a position count.</param>
/// <param name="prior">Trials that an expectation weighs as much as.</param>
internal sealed class AcceptanceEstimate(double fading, double prior)
{
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
            _positions[position] = ((fading * trials) + 1, (fading * hits) + (position < accepted ? 1 : 0));
        }
    }

    /// <summary>The probability at a position.</summary>
    /// <param name="position">The position, from 0.</param>
    /// <param name="expected">What is expected of it.</param>
    public double RateAt(int position, double expected)
    {
        (double trials, double hits) = position < _positions.Count ? _positions[position] : default;
        return (hits + (prior * expected)) / (trials + prior);
    }
}
