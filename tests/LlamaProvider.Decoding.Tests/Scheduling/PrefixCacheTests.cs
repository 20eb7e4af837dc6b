using CsCheck;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Scheduling.Prefixes;

namespace LlamaProvider.Decoding.Tests.Scheduling;

public sealed class PrefixCacheTests
{
    private static readonly Gen<int[]> Tokens = Gen.Int[0, 2].Array[1, 7];

    [Fact]
    public void Find_AnySequences_IsTheLongestCommonPrefix() => Gen.Select(Tokens.Array[1, 12], Tokens).Sample((kept, wanted) =>
    {
        PrefixCache cache = Fill(kept, canTrim: true);

        int length = cache.Find(AdapterSet.None, wanted, out RetainedSequence? sequence);

        Assert.Equal(kept.Max(tokens => Common(tokens, wanted)), length);
        Assert.Equal(length > 0, sequence is not null);
        Assert.True(length == 0 || Common(kept[sequence!.Number], wanted) == length);
    });

    [Fact]
    public void Find_MemoryCannotBeCut_IsTheLongestWholeSequence() => Gen.Select(Tokens.Array[1, 12], Tokens).Sample((kept, wanted) =>
    {
        PrefixCache cache = Fill(kept, canTrim: false);

        int length = cache.Find(AdapterSet.None, wanted, out RetainedSequence? sequence);

        Assert.Equal(kept.Where(tokens => wanted.AsSpan().StartsWith(tokens)).Select(tokens => tokens.Length).DefaultIfEmpty().Max(), length);
        Assert.True(length == 0 || sequence!.Length == length);
    });

    [Fact]
    public void Add_AnySequences_KeepsNoneThatAnotherHolds() => Tokens.Array[1, 12].Sample(kept =>
    {
        PrefixCache cache = Fill(kept, canTrim: true);

        int[][] left = [.. cache.Sequences.Select(sequence => kept[sequence.Number])];
        Assert.All(left, tokens => Assert.DoesNotContain(left, other => other != tokens && other.AsSpan().StartsWith(tokens)));
        Assert.All(cache.Sequences, sequence => Assert.Equal(kept[sequence.Number].Length, sequence.Length));
    });

    [Fact]
    public void Remove_ByUseUntilEmpty_FindsOnlyWhatIsLeft() => Gen.Select(Tokens.Array[1, 12], Tokens.Array[0, 6]).Sample((kept, used) =>
    {
        PrefixCache cache = Fill(kept, canTrim: true);
        foreach (int[] tokens in used)
        {
            if (cache.Find(AdapterSet.None, tokens, out RetainedSequence? sequence) > 0)
            {
                cache.Touch(sequence!);
                Assert.Same(sequence, cache.Sequences.Last());
            }
        }

        List<RetainedSequence> order = [.. cache.Sequences];
        while (order.Count > 0)
        {
            cache.Remove(order[0]);
            order.RemoveAt(0);
            Assert.Equal(order, cache.Sequences);
            Assert.All(kept, tokens => Assert.Equal(order.Select(left => Common(kept[left.Number], tokens)).DefaultIfEmpty().Max(), cache.Find(AdapterSet.None, tokens, out _)));
        }
    });

    [Fact]
    public void Add_PinnedSequence_StaysBesideALongerOne()
    {
        var cache = new PrefixCache(canTrim: true);
        var superfluous = new List<int>();
        cache.Add(0, AdapterSet.None, [1, 2], isPinned: true, superfluous);
        cache.Add(1, AdapterSet.None, [1, 2, 3], isPinned: false, superfluous);
        cache.Add(2, AdapterSet.None, [1, 2], isPinned: false, superfluous);

        Assert.Equal([2], superfluous);
        cache.Remove(cache.Sequences.Single(sequence => !sequence.IsPinned));
        Assert.Equal(2, cache.Find(AdapterSet.None, [1, 2, 9], out _));
    }

    private static PrefixCache Fill(int[][] kept, bool canTrim)
    {
        var cache = new PrefixCache(canTrim);
        var held = new HashSet<int>();
        for (int number = 0; number < kept.Length; number++)
        {
            var superfluous = new List<int>();
            int version = cache.Version;
            held.Add(number);
            cache.Add(number, AdapterSet.None, kept[number], isPinned: false, superfluous);
            held.ExceptWith(superfluous);
            Assert.Equal(held.Order(), cache.Sequences.Select(sequence => sequence.Number).Order());
            Assert.True(version != cache.Version || superfluous.SequenceEqual([number]));
        }

        return cache;
    }

    private static int Common(int[] first, int[] second) => first.AsSpan().CommonPrefixLength(second);
}
