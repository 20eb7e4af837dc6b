using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Tests.Constraints.Recognition;

public sealed class TokenSetsTests
{
    private const int Tokens = 1000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(300)]
    public void Share_SameTokens_IsOneSetOfThem(int step)
    {
        var sets = new TokenSets(capacity: 8);
        TokenMask mask = Every(step);
        TokenSet set = sets.Share(mask);
        mask.Clear();

        Assert.Same(set, sets.Share(Every(step)));
        Assert.NotSame(set, sets.Share(Every(step + 1)));
        var read = new TokenMask(Tokens);
        set.AddTo(read);
        Assert.Equal(Every(step).Words, read.Words);
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
