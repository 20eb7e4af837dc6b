namespace LlamaProvider.Decoding.Strategies.Speculative.Control;

/// <summary>A draft that a drafter could make.</summary>
/// <param name="Kind">Its class: how good it is likely to be.</param>
/// <param name="Limit">The most tokens, by what was asked for and what there is room for.</param>
/// <param name="Missing">Tokens that the drafter must first catch up with.</param>
/// <param name="Remaining">The most tokens that the answer may still have.</param>
internal readonly record struct DraftOffer(int Kind, int Limit, int Missing = 0, int Remaining = int.MaxValue);
