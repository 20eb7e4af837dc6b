using System.Numerics.Tensors;

namespace LlamaProvider.Decoding.Scheduling;

/// <summary>What an evaluation of so many tokens with outputs takes, learned from those that were.</summary>
/// <remarks>
/// For each size up to <see cref="Largest"/> an exponential average, in which a single value counts at most 1.25 times the average: what disturbs the machine only ever adds, and is no
/// cost of the model. Between sizes that were seen the cost is interpolated; above the largest one it grows by <see cref="Growth"/> of that one's cost a token, which is less than any back
/// end takes, so that larger sizes are tried, and then measured.
/// <para>
/// When the machine becomes slower or faster, all sizes do, but only those in use are measured; so the others follow a part of each change. Or a size that was last seen in a slow moment
/// would look dear forever.
/// </para>
/// </remarks>
internal sealed class StepCosts
{
    /// <summary>The most tokens of a step that is remembered by its size.</summary>
    public const int Largest = 64;

    private const double Weight = 0.2;
    private const double Following = 0.05;
    private const double Growth = 0.02;
    private const double MostOfAverage = 1.25;

    private readonly double[] _seconds = new double[Largest + 1];

    /// <summary>Notes how long an evaluation took.</summary>
    /// <param name="tokens">Tokens evaluated in it.</param>
    /// <param name="seconds">How long it took.</param>
    public void Observe(int tokens, double seconds)
    {
        if (tokens is < 1 or > Largest || !(seconds > 0))
        {
            return;
        }

        double before = _seconds[tokens];
        if (before == 0)
        {
            _seconds[tokens] = seconds;
            return;
        }

        double change = Math.Min(seconds / before, MostOfAverage) - 1;
        TensorPrimitives.Multiply(_seconds, 1 + (Following * change), _seconds);
        _seconds[tokens] = before * (1 + (Weight * change));
    }

    /// <summary>Seconds that an evaluation takes; 0 when nothing is known yet.</summary>
    /// <param name="tokens">Tokens evaluated in it. Range: 1 and more.</param>
    public double Estimate(int tokens)
    {
        int above = tokens;
        while (above <= Largest && _seconds[above] == 0)
        {
            above++;
        }

        int below = Math.Min(tokens, Largest);
        while (below > 0 && _seconds[below] == 0)
        {
            below--;
        }

        if (above > Largest)
        {
            return below == 0 ? 0 : _seconds[below] * (1 + (Growth * (tokens - below)));
        }

        return below == 0 || below == above
            ? _seconds[above]
            : _seconds[below] + ((_seconds[above] - _seconds[below]) * (tokens - below) / (above - below));
    }
}
