namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>Tokens, as bits or, where they are few, as a list: most states allow a few only. Immutable.</summary>
/// <remarks>Thousands are kept, so it is the array alone and no object around it.</remarks>
internal readonly struct TokenSet
{
    // Bits as ulong[], or a list as int[].
    private readonly Array? _tokens;

    /// <param name="tokens">The tokens; copied.</param>
    public TokenSet(TokenMask tokens)
    {
        int count = tokens.Count;
        if (count > tokens.Words.Length / 8)
        {
            _tokens = tokens.Words.ToArray();
            return;
        }

        var few = new int[count];
        for (int i = 0, token = tokens.Next(0); token >= 0; token = tokens.Next(token + 1))
        {
            few[i++] = token;
        }

        _tokens = few;
    }

    /// <summary>Bytes that it takes.</summary>
    public int Bytes => _tokens is null ? 0 : Buffer.ByteLength(_tokens);

    public void AddTo(TokenMask mask)
    {
        if (_tokens is ulong[] bits)
        {
            mask.UnionWith(bits);
            return;
        }

        foreach (int token in ((int[]?)_tokens).AsSpan())
        {
            mask.Add(token);
        }
    }
}
