namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>Tokens, as bits or, where they are few, as a list: most states allow a few only. Immutable.</summary>
internal sealed class TokenSet
{
    private readonly TokenMask? _many;
    private readonly int[] _few = [];

    /// <param name="tokens">The tokens; copied.</param>
    public TokenSet(TokenMask tokens)
    {
        int count = tokens.Count;
        if (count > tokens.Words.Length / 8)
        {
            _many = new TokenMask(tokens.Size);
            _many.CopyFrom(tokens);
            return;
        }

        _few = new int[count];
        for (int i = 0, token = tokens.Next(0); token >= 0; token = tokens.Next(token + 1))
        {
            _few[i++] = token;
        }
    }

    /// <summary>Bytes that it takes.</summary>
    public int Bytes => (_many is null ? 0 : _many.Words.Length * sizeof(ulong)) + (_few.Length * sizeof(int));

    public void AddTo(TokenMask mask)
    {
        if (_many is not null)
        {
            mask.UnionWith(_many);
        }

        foreach (int token in _few)
        {
            mask.Add(token);
        }
    }
}
