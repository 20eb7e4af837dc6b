using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.Completions;

/// <summary>What it costs to complete the text after each token of a place. Immutable.</summary>
/// <param name="levels">The tokens by the tokens that complete the text at most, the cheapest first; one may be in several.</param>
/// <param name="exits">Nodes of the trie at which the rule may have ended while tokens go on below.</param>
internal sealed class TokenCosts((int Cost, TokenSet Tokens)[] levels, int[] exits)
{
    public ReadOnlySpan<(int Cost, TokenSet Tokens)> Levels => levels;

    public ReadOnlySpan<int> Exits => exits;

    /// <summary>Adds the tokens that cost no more than a limit.</summary>
    public void AddTo(TokenMask mask, int limit)
    {
        foreach ((int cost, TokenSet tokens) in levels)
        {
            if (cost > limit)
            {
                return;
            }

            tokens.AddTo(mask);
        }
    }
}
