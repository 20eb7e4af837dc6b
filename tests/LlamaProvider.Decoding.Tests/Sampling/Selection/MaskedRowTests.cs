using CsCheck;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Sampling.Selection;

namespace LlamaProvider.Decoding.Tests.Sampling.Selection;

public sealed class MaskedRowTests
{
    private static readonly Gen<(float[] Row, TokenMask Mask)> Masked =
        from row in Gen.OneOf(LogitRows.Any, Gen.Float[-9, 9].Array[60, 70], Gen.Float[-9, 9].Array[120, 130])
        from words in Gen.Frequency((3, Gen.ULong), (1, Gen.Const(0UL)), (1, Gen.Const(ulong.MaxValue))).Array[(row.Length + 63) / 64]
        select (row, ToMask(row.Length, words));

    [Fact]
    public void Gather_AnyRow_IsTheLegalTokensInOrder() => Masked.Sample(pair =>
    {
        (float[] row, TokenMask mask) = pair;
        int[] tokens = new int[mask.Count];
        float[] logits = new float[mask.Count];

        MaskedRow.Gather(row, mask, tokens, logits);

        Assert.Equal(Enumerable.Range(0, row.Length).Where(token => mask[token]), tokens);
        Assert.Equal(tokens.Select(token => row[token]), logits);
    });

    [Fact]
    public void Block_AnyRow_IsTheRowWithoutTheOthers() => Masked.Sample(pair =>
    {
        (float[] row, TokenMask mask) = pair;
        float[] blocked = new float[row.Length];

        MaskedRow.Block(row, mask, blocked);

        Assert.Equal(row.Select((logit, token) => mask[token] ? logit : float.NegativeInfinity), blocked);
    });

    [Theory]
    [InlineData(0.05, false)]
    [InlineData(0.5, true)]
    public void Candidates_FewOrManyLegal_AreAListOrTheWholeRow(double share, bool isWhole)
    {
        float[] row = [.. Enumerable.Range(0, 1000).Select(token => (float)Math.Sin(token))];
        var mask = new TokenMask(row.Length);
        for (int token = 0; token < row.Length * share; token++)
        {
            mask.Add(token);
        }

        var candidates = new Candidates(row, mask, new SamplerWorkspace());

        Assert.Equal((isWhole, true), (candidates.IsWhole, candidates.IsMasked));
        Assert.Equal((true, false), (candidates.IsLegal(0), candidates.IsLegal(999)));
    }

    private static TokenMask ToMask(int size, ulong[] words)
    {
        var mask = new TokenMask(size);
        for (int token = 0; token < size; token++)
        {
            if ((words[token >> 6] >> (token & 63) & 1) != 0)
            {
                mask.Add(token);
            }
        }

        return mask;
    }
}
