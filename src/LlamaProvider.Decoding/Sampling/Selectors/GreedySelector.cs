using System.Text.Json.Serialization;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling.Selection;
using LlamaProvider.Decoding.Sampling.State;

namespace LlamaProvider.Decoding.Sampling.Selectors;

/// <summary>Chooses the most probable token; of equal ones the lowest. Draws nothing.</summary>
public sealed record GreedySelector : TokenSelector
{
    internal const string TypeName = "greedy";

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => TypeName;

    internal override void Shape(ref Candidates candidates, in SelectorMemory memory, Vocabulary vocabulary) => candidates.KeepOnly(candidates.IndexOfLargest);

    internal override int Choose(ref Candidates candidates, ref SelectorMemory memory) => 0;
}
