namespace LlamaProvider.Decoding.Constraints.Completions;

/// <summary>What it costs to complete the text after each token of a place. Immutable.</summary>
/// <param name="Tokens">The tokens; one may be there twice.</param>
/// <param name="Costs">For each the tokens that complete the text at most.</param>
/// <param name="Exits">Nodes of the trie at which the rule may have ended while tokens go on below.</param>
internal sealed record TokenCosts(int[] Tokens, int[] Costs, int[] Exits)
{
    /// <summary>Adds the tokens that cost no more than a limit.</summary>
    public void AddTo(TokenMask mask, int limit)
    {
        for (int i = 0; i < Tokens.Length; i++)
        {
            if (Costs[i] <= limit)
            {
                mask.Add(Tokens[i]);
            }
        }
    }
}
