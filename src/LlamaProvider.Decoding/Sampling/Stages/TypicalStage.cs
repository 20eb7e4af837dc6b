using System.Text.Json.Serialization;
using LlamaProvider.Decoding.Sampling.Selection;

namespace LlamaProvider.Decoding.Sampling.Stages;

/// <summary>Keeps the tokens whose surprise is closest to the expected one, until they hold a share p of the probability.</summary>
/// <remarks>
/// Ranks tokens by |−ln p_i − H| with the entropy H = −Σ p_i ln p_i and keeps the first whose probabilities together exceed p. With x_i = l_i − max l and
/// Z = Σ exp(x_i) the rank is |x_i − Σ p_j x_j|, so no logarithm is taken, and a token without probability cannot turn it into NaN (upstream does).
/// Source: Meister et al. 2022, "Locally Typical Sampling". Follows llama.cpp, which stops at the first token that takes the sum above p; transformers
/// stops at p and keeps ties, as <see cref="KeepTies"/> does.
/// <para>
/// On a whole vocabulary, let E = Σ p_j x_j and c ≤ 2 E such that tokens with x_i &lt; c hold less than 1 − p together. The others rank E − c or before (0 ranks −E,
/// and that is not more), so they hold more than p among those ranks, and what lies below c ranks behind and is never kept. One vectorised pass removes it.
/// </para>
/// </remarks>
public sealed record TypicalStage : SamplerStage
{
    internal const string TypeName = "typ_p";

    /// <summary>Keeps rounding from making ranks equal that are told apart.</summary>
    private const double Distance = 1e-3;

    /// <summary>Creates the stage.</summary>
    /// <param name="p">The share of probability. Range: 0 to 1; 1 keeps all.</param>
    /// <param name="minKeep">How many tokens are kept at least. Default: 1. Range: 1 and more.</param>
    /// <param name="keepTies">Whether tokens that rank equal to the last are kept too. Default: no; of equal ones the lowest tokens stay.</param>
    /// <exception cref="InvalidSamplerException">A value is out of its range.</exception>
    [JsonConstructor]
    public TypicalStage(double p, int minKeep = 1, bool keepTies = false)
    {
        P = SamplerRange.Between(p, 0, 1, "typical_p");
        MinKeep = SamplerRange.AtLeast(minKeep, 1, "min_keep");
        KeepTies = keepTies;
    }

    /// <summary>The share of probability.</summary>
    [JsonPropertyName("typical_p")]
    public double P { get; }

    /// <summary>How many tokens are kept at least.</summary>
    [JsonPropertyName("min_keep")]
    public int MinKeep { get; }

    /// <summary>Whether tokens that rank equal to the last are kept too.</summary>
    [JsonPropertyName("keep_ties")]
    public bool KeepTies { get; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => TypeName;

    internal override int DefaultPosition => 70;

    internal override void Apply(ref Candidates candidates, in StageContext context)
    {
        if (P >= 1)
        {
            return;
        }

        if (!candidates.IsWhole)
        {
            candidates.KeepFinite();
        }

        double total = candidates.Weigh(out ReadOnlySpan<float> weights);
        float largest = candidates.Largest;
        float expected = (float)(Softmax.WeightedSum(candidates.Logits, largest, weights) / total);
        if (candidates.IsWhole)
        {
            double tail = Math.Min(MassFilter.TailBelow(1 - P, total, candidates.Count), 2 * expected) - Distance;
            candidates.KeepAtLeast((float)(largest + tail), MinKeep);
            candidates.Weigh(out weights);
        }

        Span<float> keys = candidates.Workspace.Keys(candidates.Count);
        for (int index = 0; index < keys.Length; index++)
        {
            keys[index] = MathF.Abs(candidates.Logits[index] - largest - expected);
        }

        MassFilter.Apply(ref candidates, keys, weights, new MassRule(P * total, MustExceed: !KeepTies, KeepCrossing: true, KeepTies, MinKeep));
    }
}
