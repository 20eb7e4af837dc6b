using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>The tokens that fit a state, as far as its own rule and those it calls decide.</summary>
/// <param name="Inside">Tokens whose bytes stay within the rule, its end included.</param>
/// <param name="Exits">
/// Nodes of the trie, ascending, at which the rule may have ended while tokens go on below: what surrounds the rule decides about those.
/// </param>
internal sealed record LocalMask(TokenMask Inside, int[] Exits)
{
    private byte[][]? _paths;

    /// <summary>The bytes that lead to each exit.</summary>
    public byte[][] PathsIn(TokenTrie trie) => _paths ??= Array.ConvertAll(Exits, trie.PathTo);
}
