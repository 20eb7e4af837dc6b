using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Tests.Constraints.Recognition;

public sealed class LocalMasksTests
{
    private const int Tokens = 1000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(300)]
    public void Share_SameTokensAndExits_IsOneMaskOfThem(int step)
    {
        var masks = new LocalMasks(capacity: 8);
        TokenMask tokens = Every(step);
        LocalMask mask = masks.Share(tokens, [3, 5]);
        tokens.Clear();

        Assert.Same(mask, masks.Share(Every(step), [3, 5]));
        Assert.NotSame(mask, masks.Share(Every(step + 1), [3, 5]));
        Assert.NotSame(mask, masks.Share(Every(step), [3]));
        Assert.NotSame(mask, masks.Share(Every(step), []));
        Assert.Equal([3, 5], mask.Exits);
        var read = new TokenMask(Tokens);
        mask.AddTo(read);
        Assert.Equal(Every(step).Words, read.Words);
    }

    [Fact]
    public void Share_MoreThanItHolds_ForgetsTheOldest()
    {
        var masks = new LocalMasks(capacity: 8);
        LocalMask first = masks.Share(Every(1), []);
        for (int step = 2; step < 20; step++)
        {
            masks.Share(Every(step), []);
        }

        Assert.NotSame(first, masks.Share(Every(1), []));
    }

    [Fact]
    public void AddTo_MaskThatHasOthers_KeepsThem()
    {
        var mask = new TokenMask(Tokens);
        mask.Add(7);
        new TokenSet(Every(2)).AddTo(mask);

        Assert.True(mask[7]);
        Assert.Equal((Tokens / 2) + 1, mask.Count);
    }

    [Fact]
    public void Bytes_FewTokens_TakesLessThanTheBits()
    {
        Assert.True(new TokenSet(Every(500)).Bytes < new TokenMask(Tokens).Words.Length * sizeof(ulong));
    }

    private static TokenMask Every(int step)
    {
        var mask = new TokenMask(Tokens);
        for (int token = 0; token < Tokens; token += step)
        {
            mask.Add(token);
        }

        return mask;
    }
}
