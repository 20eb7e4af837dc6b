using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Regex.Characters;
using LlamaProvider.Decoding.Constraints.Regex.Encodings;

namespace LlamaProvider.Decoding.Tests.Constraints.Regex.Encodings;

public class EncodedSetsTests
{
    private static readonly CodePointRange[] Odd = [.. Enumerable.Range(0, 40).Select(index => new CodePointRange((2 * index) + 1, (2 * index) + 1))];

    private int _encoded;

    [Theory]
    [InlineData(3, 1)]
    [InlineData(40, 2)]
    public void Encode_SameSetInTwoAlgebras_IsEncodedOnceUnlessItIsLarge(int ranges, int expected)
    {
        CodePointSet set = CodePointSet.OfRanges(Odd.AsSpan(0, ranges));
        var sets = new EncodedSets(EncodeAsBytes);
        foreach (ByteAlgebra algebra in (ByteAlgebra[])[new(), new()])
        {
            Assert.Same(OwnBytes(set, algebra), sets.Encode(set, algebra));
        }

        Assert.Equal(expected, _encoded);
    }

    [Fact]
    public void Encode_OtherSet_IsNotTakenForTheFirst()
    {
        var sets = new EncodedSets(EncodeAsBytes);
        var algebra = new ByteAlgebra();

        Assert.NotSame(sets.Encode(CodePointSet.OfText("a"), algebra), sets.Encode(CodePointSet.OfText("b"), algebra));
        Assert.Equal(2, _encoded);
    }

    [Fact]
    public void Encode_CharacterOfTwoBytes_IsItsBytes()
    {
        var algebra = new ByteAlgebra();

        Assert.Same(algebra.Text("\u00e9"u8), Utf8Encoding.Instance.Encode(CodePointSet.OfText("\u00e9"), algebra));
    }

    private ByteExpression EncodeAsBytes(CodePointSet set, ByteAlgebra algebra)
    {
        _encoded++;
        return OwnBytes(set, algebra);
    }

    private static ByteExpression OwnBytes(CodePointSet set, ByteAlgebra algebra)
    {
        ByteSet bytes = default;
        foreach (CodePointRange range in set.Ranges)
        {
            bytes |= ByteSet.Range((byte)range.First, (byte)range.Last);
        }

        return algebra.Bytes(bytes);
    }
}
