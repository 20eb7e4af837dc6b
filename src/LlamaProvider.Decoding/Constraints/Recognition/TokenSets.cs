using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>Makes one object of equal sets of a vocabulary's tokens: thousands of states, as those inside a name that may be anything, allow the same ones.</summary>
/// <remarks>Safe for concurrent use.</remarks>
/// <param name="capacity">The most that are remembered.</param>
internal sealed class TokenSets(int capacity)
{
    private readonly RecentEntries<TokenSet> _known = new(capacity);

    /// <summary>The set of these tokens; the mask stays the caller's.</summary>
    public TokenSet Share(TokenMask tokens)
    {
        UInt128 key = XxHash128.HashToUInt128(MemoryMarshal.AsBytes(tokens.Words));
        if (!_known.TryGet(key, out TokenSet? set))
        {
            set = new TokenSet(tokens);
            _known.Set(key, set);
        }

        return set;
    }
}
