using System.Numerics.Tensors;

namespace LlamaProvider.Decoding.Scheduling;

/// <summary>What an evaluation of so many tokens with outputs takes, learned from those that were.</summary>
/// <remarks>
/// For each size up to <see cref="Largest"/> an exponential average, in which a single value counts at most 1.25 times the average and lower ones count more: what disturbs the machine only
/// ever adds, and is no cost of the model. Between sizes that were seen the cost is interpolated; above the largest one it grows by <see cref="Growth"/> of that one's cost a token, which is less than any back
/// end takes, so that larger sizes are tried, and then measured.
/// <para>
/// When the machine becomes slower or faster, all sizes do, but only those in use are measured; so the others follow a part of each change. Or a size that was last seen in a slow moment
/// would look dear forever.
/// </para>
/// <para>
/// The first step of another size takes longer, since a back end prepares for it (llama.cpp makes a new graph). That is no cost of the size but of the change, and kept apart
/// (<see cref="ChangeSeconds"/>), as soon as the size was met twice in a row; or the steps between drafts would look dear and drafts cheap.
/// </para>
/// </remarks>
internal sealed class StepCosts
{
    /// <summary>The most tokens of a step that is remembered by its size.</summary>
    public const int Largest = 64;

    private const double Weight = 0.2;
    private const double FallingWeight = 0.5;
    private const double Following = 0.25;
    private const double Growth = 0.02;
    private const double MostOfAverage = 1.25;

    private readonly double[] _seconds = new double[Largest + 1];
    private readonly bool[] _isSteady = new bool[Largest + 1];

    /// <summary>Tokens of the last step; 0 before the first.</summary>
    public int LatestTokens { get; private set; }

    /// <summary>Seconds that a step takes more when the one before it had another size; 0 before that was measured.</summary>
    public double ChangeSeconds { get; private set; }

    /// <summary>Notes how long an evaluation took.</summary>
    /// <param name="tokens">Tokens evaluated in it.</param>
    /// <param name="seconds">How long it took.</param>
    public void Observe(int tokens, double seconds)
    {
        if (tokens is < 1 or > Largest || !(seconds > 0))
        {
            return;
        }

        bool isChange = LatestTokens != 0 && tokens != LatestTokens;
        LatestTokens = tokens;
        double before = _seconds[tokens];
        if (before == 0 || (!isChange && !_isSteady[tokens]))
        {
            _seconds[tokens] = before == 0 ? seconds : Math.Min(before, seconds);
            _isSteady[tokens] = !isChange;
            return;
        }

        if (isChange && _isSteady[tokens])
        {
            double more = Math.Clamp(seconds - before, 0, before);
            ChangeSeconds += Weight * (more - ChangeSeconds);
            return;
        }

        double change = Math.Min(seconds / before, MostOfAverage) - 1;
        double weight = change < 0 ? FallingWeight : Weight;
        TensorPrimitives.Multiply(_seconds, 1 + (Following * weight * change), _seconds);
        _seconds[tokens] = before * (1 + (weight * change));
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
