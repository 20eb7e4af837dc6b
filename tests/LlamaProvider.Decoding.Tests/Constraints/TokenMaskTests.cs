using LlamaProvider.Decoding.Constraints;

namespace LlamaProvider.Decoding.Tests.Constraints;

public sealed class TokenMaskTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(1000)]
    public void AddAll_AnySize_HasNoBitBeyond(int size)
    {
        var mask = new TokenMask(size);
        mask.AddAll();

        Assert.Equal(size, mask.Count);
        Assert.Equal((size + 63) / 64, mask.Words.Length);
        mask.Clear();
        Assert.Equal(0, mask.Count);
    }

    [Fact]
    public void Operations_RandomSets_MatchSets()
    {
        var random = new Random(1);
        for (int round = 0; round < 100; round++)
        {
            int size = random.Next(1, 300);
            HashSet<int> left = [.. Enumerable.Range(0, random.Next(size)).Select(_ => random.Next(size))];
            HashSet<int> right = [.. Enumerable.Range(0, random.Next(size)).Select(_ => random.Next(size))];

            Assert.Equal(left.Union(right).Order(), Tokens(Apply(mask => mask.UnionWith(Mask(size, right)))));
            Assert.Equal(left.Intersect(right).Order(), Tokens(Apply(mask => mask.IntersectWith(Mask(size, right)))));
            Assert.Equal(right.Order(), Tokens(Apply(mask => mask.CopyFrom(Mask(size, right)))));
            Assert.Equal(left.Where(token => token != 0).Order(), Tokens(Apply(mask => mask.Remove(0))));
            Assert.All(Enumerable.Range(0, size), token => Assert.Equal(left.Contains(token), Mask(size, left)[token]));

            TokenMask Apply(Action<TokenMask> change)
            {
                TokenMask mask = Mask(size, left);
                change(mask);
                return mask;
            }
        }
    }

    private static TokenMask Mask(int size, HashSet<int> tokens)
    {
        var mask = new TokenMask(size);
        foreach (int token in tokens)
        {
            mask.Add(token);
        }

        return mask;
    }

    private static List<int> Tokens(TokenMask mask)
    {
        var tokens = new List<int>();
        for (int token = mask.Next(0); token >= 0; token = mask.Next(token + 1))
        {
            tokens.Add(token);
        }

        return tokens;
    }
}
