using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <summary>Makes one object of equal local masks over a vocabulary: thousands of states, as those inside a name that may be anything, allow the same tokens.</summary>
/// <remarks>Masks that differ in their exits alone have one set of tokens. Safe for concurrent use.</remarks>
/// <param name="capacity">The most that are remembered.</param>
internal sealed class LocalMasks(int capacity)
{
    private readonly RecentEntries<LocalMask> _masks = new(capacity);
    private readonly RecentEntries<TokenSet> _sets = new(capacity);

    /// <summary>The mask of these tokens and exits; both stay the caller's.</summary>
    public LocalMask Share(TokenMask tokens, ReadOnlySpan<int> exits)
    {
        UInt128 content = Hash(tokens.Words);
        UInt128 key = Hash<UInt128>([content, Hash(exits)]);
        if (!_masks.TryGet(key, out LocalMask? mask))
        {
            mask = new LocalMask(SetOf(tokens, content), [.. exits]);
            _masks.Set(key, mask);
        }

        return mask;
    }

    private TokenSet SetOf(TokenMask tokens, UInt128 content)
    {
        if (!_sets.TryGet(content, out TokenSet set))
        {
            set = new TokenSet(tokens);
            _sets.Set(content, set);
        }

        return set;
    }

    private static UInt128 Hash<T>(ReadOnlySpan<T> values)
        where T : unmanaged => XxHash128.HashToUInt128(MemoryMarshal.AsBytes(values));
}
