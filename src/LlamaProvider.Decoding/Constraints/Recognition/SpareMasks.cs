using System.Collections.Concurrent;

namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>Masks that nobody needs just now, since each takes a bit a token. Safe for concurrent use.</summary>
/// <param name="size">Their size.</param>
internal sealed class SpareMasks(int size)
{
    private readonly ConcurrentBag<TokenMask> _masks = [];

    /// <summary>An empty mask, to be returned after use.</summary>
    public TokenMask Rent()
    {
        if (!_masks.TryTake(out TokenMask? mask))
        {
            return new TokenMask(size);
        }

        mask.Clear();
        return mask;
    }

    public void Return(TokenMask mask) => _masks.Add(mask);
}
