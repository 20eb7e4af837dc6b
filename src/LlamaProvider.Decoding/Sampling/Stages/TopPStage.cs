using System.Numerics.Tensors;
using System.Text.Json.Serialization;
using LlamaProvider.Decoding.Sampling.Selection;

namespace LlamaProvider.Decoding.Sampling.Stages;

/// <summary>Nucleus sampling: keeps the fewest most probable tokens that together hold a share p of the probability.</summary>
/// <remarks>
/// The token with which the sum reaches p is kept. Source: Holtzman et al. 2019, "The Curious Case of Neural Text Degeneration"; llama.cpp and transformers
/// agree, but for which of equally probable tokens stay: here the lowest.
/// <para>
/// On a whole vocabulary of n tokens with Z = Σ exp(l_i − max l), tokens below max l + ln((1 − p) Z / n) hold less than 1 − p together, so none of them is in
/// the nucleus. One vectorised pass removes them, and the exact border is searched among the rest, without sorting.
/// </para>
/// </remarks>
public sealed record TopPStage : SamplerStage
{
    internal const string TypeName = "top_p";

    /// <summary>Creates the stage.</summary>
    /// <param name="p">The share of probability. Range: 0 (the most probable token) to 1 (all).</param>
    /// <param name="minKeep">How many tokens are kept at least. Default: 1. Range: 1 and more.</param>
    /// <exception cref="InvalidSamplerException">A value is out of its range.</exception>
    [JsonConstructor]
    public TopPStage(double p, int minKeep = 1)
    {
        P = SamplerRange.Between(p, 0, 1, "top_p");
        MinKeep = SamplerRange.AtLeast(minKeep, 1, "min_keep");
    }

    /// <summary>The share of probability.</summary>
    [JsonPropertyName("top_p")]
    public double P { get; }

    /// <summary>How many tokens are kept at least.</summary>
    [JsonPropertyName("min_keep")]
    public int MinKeep { get; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => TypeName;

    internal override int DefaultPosition => 80;

    internal override void Apply(ref Candidates candidates, in StageContext context)
    {
        if (P >= 1)
        {
            return;
        }

        double total = candidates.Weigh(out ReadOnlySpan<float> weights);
        if (candidates.IsWhole)
        {
            candidates.KeepAtLeast((float)(candidates.Largest + MassFilter.TailBelow(1 - P, total, candidates.Count)), MinKeep);
            candidates.Weigh(out weights);
        }

        Span<float> keys = candidates.Workspace.Keys(candidates.Count);
        TensorPrimitives.Negate(candidates.Logits, keys);
        MassFilter.Apply(ref candidates, keys, weights, new MassRule(P * total, MustExceed: false, KeepCrossing: true, KeepTies: false, MinKeep));
    }
}
