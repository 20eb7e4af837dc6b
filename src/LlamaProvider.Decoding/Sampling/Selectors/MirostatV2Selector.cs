using System.Text.Json.Serialization;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling.Selection;
using LlamaProvider.Decoding.Sampling.State;

namespace LlamaProvider.Decoding.Sampling.Selectors;

/// <summary>Mirostat 2: keeps the surprise of the chosen tokens near a target by removing tokens that are more surprising than a bound that it adapts.</summary>
/// <remarks>
/// Removes tokens with −log₂ p_i &gt; μ, but not the most probable one; draws from the rest; observes the surprise S = −log₂ p of the drawn token in that
/// distribution; μ ← μ − η (S − τ), from μ = 2 τ at the start. Source: Basu et al. 2021 (the authors' second version); reference: llama.cpp's <c>mirostat-v2</c>.
/// </remarks>
public sealed record MirostatV2Selector : TokenSelector
{
    internal const string TypeName = "mirostat_v2";

    /// <summary>Creates the selector.</summary>
    /// <param name="tau">The target surprise τ in bits. Default: 5. Range: above 0.</param>
    /// <param name="eta">The learning rate η. Default: 0.1. Range: 0 and more.</param>
    /// <exception cref="InvalidSamplerException">A value is out of its range.</exception>
    [JsonConstructor]
    public MirostatV2Selector(double tau = 5, double eta = 0.1)
    {
        Tau = SamplerRange.Positive(tau, "mirostat_tau");
        Eta = SamplerRange.AtLeast(eta, 0, "mirostat_eta");
    }

    /// <summary>The target surprise in bits.</summary>
    [JsonPropertyName("mirostat_tau")]
    public double Tau { get; }

    /// <summary>The learning rate.</summary>
    [JsonPropertyName("mirostat_eta")]
    public double Eta { get; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => TypeName;

    internal override void Start(ref SelectorMemory memory) => memory.Mu = 2 * Tau;

    internal override void Shape(ref Candidates candidates, in SelectorMemory memory, Vocabulary vocabulary)
    {
        double total = candidates.Weigh(out _);
        candidates.KeepAtLeast((float)(candidates.Largest + Math.Log(total) - (memory.Mu * Math.Log(2))), minKeep: 1);
    }

    internal override void Learn(ref SelectorMemory memory, in Candidates candidates, int index, double probability) =>
        memory.Mu -= Eta * (-Math.Log2(probability) - Tau);
}
