using System.Text.Json.Serialization;
using LlamaProvider.Decoding.Sampling.Selection;

namespace LlamaProvider.Decoding.Sampling.Stages;

/// <summary>Keeps the k most probable tokens.</summary>
/// <remarks>
/// Source: Fan et al. 2018, "Hierarchical Neural Story Generation". Follows llama.cpp: exactly k are kept. transformers keeps every token that ties with the
/// k-th; <see cref="KeepTies"/> does the same.
/// </remarks>
public sealed record TopKStage : SamplerStage
{
    internal const string TypeName = "top_k";

    /// <summary>Creates the stage.</summary>
    /// <param name="k">How many. Range: 0 (all) and more; more than there are keeps all.</param>
    /// <param name="keepTies">Whether tokens as probable as the k-th are kept too. Default: no; of equal ones the lowest tokens stay.</param>
    /// <exception cref="InvalidSamplerException">The value is out of its range.</exception>
    [JsonConstructor]
    public TopKStage(int k, bool keepTies = false)
    {
        K = SamplerRange.AtLeast(k, 0, "top_k");
        KeepTies = keepTies;
    }

    /// <summary>How many; 0 for all.</summary>
    [JsonPropertyName("top_k")]
    public int K { get; }

    /// <summary>Whether tokens as probable as the k-th are kept too.</summary>
    [JsonPropertyName("keep_ties")]
    public bool KeepTies { get; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => TypeName;

    internal override int DefaultPosition => 60;

    internal override void Apply(ref Candidates candidates, in StageContext context)
    {
        if (K == 0 || K >= candidates.Count)
        {
            return;
        }

        if (KeepTies)
        {
            candidates.KeepAtLeast(float.PositiveInfinity, K);
        }
        else
        {
            candidates.KeepTop(K);
        }
    }
}
