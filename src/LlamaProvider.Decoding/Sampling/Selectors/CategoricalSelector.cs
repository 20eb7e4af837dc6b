using System.Text.Json.Serialization;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling.Selection;
using LlamaProvider.Decoding.Sampling.State;

namespace LlamaProvider.Decoding.Sampling.Selectors;

/// <summary>Draws a token with its probability: softmax over the candidates' logits.</summary>
/// <remarks>
/// With weights w_i = exp(l_i − max l) and u uniform in [0, Σw), the token with the lowest number for which w_0 + … + w_i &gt; u. One number is drawn for each token.
/// </remarks>
public sealed record CategoricalSelector : TokenSelector
{
    internal const string TypeName = "categorical";

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => TypeName;

    internal override void Shape(ref Candidates candidates, in SelectorMemory memory, Vocabulary vocabulary)
    {
        // What is left is the distribution.
    }
}
