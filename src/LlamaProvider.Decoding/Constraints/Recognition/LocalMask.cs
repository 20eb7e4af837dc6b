using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>The tokens that fit a state, as far as its own rule and those it calls decide. Immutable.</summary>
internal sealed class LocalMask
{
    private readonly TokenMask? _inside;
    private readonly int[] _few = [];
    private readonly int[] _exits;
    private byte[][]? _paths;

    /// <param name="inside">Tokens whose bytes stay within the rule, its end included.</param>
    /// <param name="exits">
    /// Nodes of the trie, ascending, at which the rule may have ended while tokens go on below: what surrounds the rule decides about those.
    /// </param>
    public LocalMask(TokenMask inside, int[] exits)
    {
        _exits = exits;
        if (inside.Count > inside.Words.Length / 8)
        {
            _inside = inside;
            return;
        }

        // Most states allow a few tokens only; a list takes a fraction of the bits.
        _few = new int[inside.Count];
        for (int i = 0, token = inside.Next(0); token >= 0; token = inside.Next(token + 1))
        {
            _few[i++] = token;
        }
    }

    /// <summary>Bytes that it takes.</summary>
    public int Bytes => (_inside is null ? 0 : _inside.Words.Length * sizeof(ulong)) + ((_few.Length + _exits.Length) * sizeof(int));

    /// <summary>The nodes where the rule may have ended.</summary>
    public ReadOnlySpan<int> Exits => _exits;

    /// <summary>The bytes that lead to each exit.</summary>
    public byte[][] PathsIn(TokenTrie trie) => _paths ??= Array.ConvertAll(_exits, trie.PathTo);

    /// <summary>Adds the tokens that stay within the rule.</summary>
    public void AddTo(TokenMask mask)
    {
        if (_inside is not null)
        {
            mask.UnionWith(_inside);
        }

        foreach (int token in _few)
        {
            mask.Add(token);
        }
    }
}
