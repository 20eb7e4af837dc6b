using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Automata.Expressions;

namespace LlamaProvider.Decoding.Tests.Constraints.Automata;

public sealed class RoundedCountsTests
{
    private readonly ByteAlgebra _algebra = new();

    [Theory]
    [InlineData(7, 7, 7)]
    [InlineData(8, 8, RepetitionExpression.Unbounded)]
    [InlineData(31, 8, RepetitionExpression.Unbounded)]
    [InlineData(32, 32, RepetitionExpression.Unbounded)]
    [InlineData(500, 128, RepetitionExpression.Unbounded)]
    [InlineData(RepetitionExpression.Unbounded, RepetitionExpression.Unbounded, RepetitionExpression.Unbounded)]
    public void Rewrite_UpperCount_GoesDownToOneOfFewOrGoes(int count, int smaller, int larger)
    {
        AssertRounded(Repeated(0, count), Repeated(0, smaller), Repeated(0, larger));
        AssertRounded(Within(Repeated(0, count)), Within(Repeated(0, smaller)), Within(Repeated(0, larger)));
    }

    [Fact]
    public void Rewrite_LowerCount_Stays() => AssertRounded(Repeated(20, 52), Repeated(20, 32), Repeated(20, RepetitionExpression.Unbounded));

    [Fact]
    public void Rewrite_LowerCountAboveTheRoundedOne_StaysWithItsUpperOne() => AssertRounded(Repeated(52, 52), Repeated(52, 52), Repeated(52, RepetitionExpression.Unbounded));

    [Fact]
    public void Rewrite_WithinComplement_ChangesNothing() =>
        AssertRounded(_algebra.Complement(Repeated(0, 50)), _algebra.Complement(Repeated(0, 50)), _algebra.Complement(Repeated(0, 50)));

    private ByteExpression Repeated(int min, int max) => _algebra.Repetition(_algebra.Text("ab"u8), min, max);

    private ByteExpression Within(ByteExpression part) => _algebra.Choice(
        _algebra.Text("x"u8),
        _algebra.Sequence(_algebra.Text("c"u8), _algebra.Intersection(part, _algebra.Repetition(_algebra.Bytes(ByteSet.All), 3)), _algebra.Text("d"u8)));

    private void AssertRounded(ByteExpression expression, ByteExpression smaller, ByteExpression larger)
    {
        Assert.Same(smaller, new RoundedCounts(_algebra, isLarger: false).Rewrite(expression));
        Assert.Same(larger, new RoundedCounts(_algebra, isLarger: true).Rewrite(expression));
    }
}
