using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>The tokens that fit a state, as far as its own rule and those it calls decide. Immutable.</summary>
/// <param name="inside">Tokens whose bytes stay within the rule, its end included.</param>
/// <param name="exits">
/// Nodes of the trie, ascending, at which the rule may have ended while tokens go on below: what surrounds the rule decides about those.
/// </param>
internal sealed class LocalMask(TokenSet inside, int[] exits)
{
    private byte[][]? _paths;

    /// <summary>Bytes that it takes, with the tokens, which others may have too.</summary>
    public int Bytes => inside.Bytes + (exits.Length * sizeof(int));

    /// <summary>The nodes where the rule may have ended.</summary>
    public ReadOnlySpan<int> Exits => exits;

    /// <summary>The bytes that lead to each exit.</summary>
    public byte[][] PathsIn(TokenTrie trie) => _paths ??= Array.ConvertAll(exits, trie.PathTo);

    /// <summary>Adds the tokens that stay within the rule.</summary>
    public void AddTo(TokenMask mask) => inside.AddTo(mask);
}
