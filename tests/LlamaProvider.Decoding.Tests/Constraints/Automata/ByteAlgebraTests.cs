using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Automata.Expressions;

namespace LlamaProvider.Decoding.Tests.Constraints.Automata;

public sealed class ByteAlgebraTests
{
    private readonly ByteAlgebra _algebra = new();

    [Fact]
    public void Choice_SamePartsInAnotherOrder_IsOneObject()
    {
        ByteExpression one = _algebra.Text("one"u8);
        ByteExpression two = _algebra.Text("two"u8);

        Assert.Same(_algebra.Choice(one, two), _algebra.Choice(two, _algebra.Choice(one, _algebra.Nothing), two));
        Assert.Same(_algebra.Nothing, _algebra.Sequence(one, _algebra.Nothing));
        Assert.Same(_algebra.Anything, _algebra.Choice(one, _algebra.Anything));
    }

    [Fact]
    public void Key_SameExpressionInAnotherAlgebra_IsTheSame()
    {
        var other = new ByteAlgebra();
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(_algebra.Call(i, isNullable: true).Key, other.Call(i, isNullable: true).Key);
            Assert.Equal(Words(_algebra, i).Key, Words(other, i).Key);
        }

        static ByteExpression Words(ByteAlgebra algebra, int i) => algebra.Words(new WordList([[(byte)i, 1], [(byte)i, 2]])).Derive((byte)i, algebra);
    }

    [Fact]
    public void Derive_CountsThatOverlap_StayOneRange()
    {
        ByteExpression part = _algebra.Choice(_algebra.Text("a"u8), _algebra.Text("aa"u8));
        ByteExpression expression = _algebra.Repetition(part, 0, 1000);
        for (int i = 0; i < 500; i++)
        {
            expression = expression.Derive((byte)'a', _algebra);
        }

        Assert.True(_algebra.Count < 5000, $"{_algebra.Count} expressions.");
    }

    [Fact]
    public void Sequence_VeryLong_IsNoRecursion()
    {
        ByteExpression text = _algebra.Text(new byte[200_000]);
        ByteExpression twice = _algebra.Sequence(text, text);
        ByteExpression optional = _algebra.Sequence([.. Enumerable.Range(0, 20_000).Select(i => _algebra.Optional(_algebra.Bytes(ByteSet.Of((byte)(i % 200)))))]);

        var automaton = new ByteAutomaton(_algebra, new Liveness(_algebra), twice);

        Assert.NotNull(automaton.Start!.Step(0));
        Assert.False(new Liveness(_algebra).IsEmpty(optional.Derive(250, _algebra)) && ReferenceEquals(optional, _algebra.Nothing));
    }

    [Fact]
    public void Repetition_NestedTooDeep_SaysSo()
    {
        ByteExpression expression = _algebra.Text("a"u8);

        var error = Assert.Throws<ConstraintTooComplexException>(() =>
        {
            for (int i = 0; i < 10_000; i++)
            {
                expression = _algebra.Repetition(_algebra.Sequence(expression, _algebra.Text("b"u8)), 1, 2);
            }
        });

        Assert.Equal(
            "The constraint nests more than 2,000 choices, repetitions and sequences within each other. Say it with less nesting.", error.Message);
    }

    [Fact]
    public void Derive_NestedAlmostTooDeep_FitsASmallStack()
    {
        ByteExpression expression = _algebra.Text("a"u8);
        for (int i = 0; i < 990; i++)
        {
            expression = _algebra.Repetition(_algebra.Sequence(expression, _algebra.Text("b"u8)), 0, 2);
        }

        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(() => expression.Derive((byte)'a', _algebra).Derive((byte)'b', _algebra)), maxStackSize: 512 * 1024);
        thread.Start();
        thread.Join();

        Assert.True(failure is null or ConstraintTooComplexException, failure?.ToString());
    }

    [Fact]
    public void Create_TooManyExpressions_NamesTheLimit()
    {
        var small = new ByteAlgebra(1000);

        Assert.Equal(
            "The constraint needs more than 1,000 expressions. Simplify its patterns, or raise the limit ConstraintLimits.Expressions.",
            Assert.Throws<ConstraintTooComplexException>(() => small.Text(new byte[2000])).Message);
    }

    [Fact]
    public void IsEmpty_CallBeforeAnIntersection_LooksBehindTheCall()
    {
        ByteExpression call = _algebra.Call(0, isNullable: false);
        ByteExpression some = _algebra.Repetition(_algebra.Text("a"u8), 2, 5);
        ByteExpression few = _algebra.Repetition(_algebra.Text("a"u8), 1, 3);
        ByteExpression many = _algebra.Repetition(_algebra.Text("a"u8), 7, 9);
        var liveness = new Liveness(_algebra);

        Assert.False(liveness.IsEmpty(_algebra.Sequence(call, _algebra.Intersection(some, few))));
        Assert.True(liveness.IsEmpty(_algebra.Sequence(call, _algebra.Intersection(few, many))));
    }
}
