namespace LlamaProvider.Decoding.Strategies.Speculative.DraftModel;

/// <summary>A sequence of a draft model's memory, and the tokens that it holds.</summary>
/// <param name="number">Its number in the context.</param>
internal sealed class DraftSequence(int number)
{
    public int Number { get; } = number;

    public List<int> Tokens { get; } = [];

    /// <summary>How many tokens it begins with that a text begins with too.</summary>
    public int CountCommon(ReadOnlySpan<int> text) => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(Tokens).CommonPrefixLength(text);
}
