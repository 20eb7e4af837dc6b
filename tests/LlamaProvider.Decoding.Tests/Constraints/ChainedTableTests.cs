using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Automata.Expressions;

namespace LlamaProvider.Decoding.Tests.Constraints;

public sealed class ChainedTableTests
{
    [Fact]
    public void Find_WhileTheTableGrows_FindsWhatWasAddedAndNothingElse()
    {
        var table = new ChainedTable<UInt128, ByteExpression, ByteExpression.Links>();
        MachineExpression[] expressions = [.. Enumerable.Range(0, 3_000).Select(static number => new MachineExpression(new Counter(), number))];
        for (int added = 0; added < expressions.Length; added++)
        {
            Assert.Null(table.Find(expressions[added].Key));
            table.Add(expressions[added]);
            Assert.Same(expressions[added], table.Find(expressions[added].Key));
            Assert.Same(expressions[added / 2], table.Find(expressions[added / 2].Key));
        }

        Assert.Equal(expressions.Length, table.Count);
        Assert.All(expressions, expression => Assert.Same(expression, table.Find(expression.Key)));
    }

    private sealed class Counter : IByteMachine
    {
        public UInt128 Key => 1;

        public long Start => 0;

        public long? Step(long state, byte value) => state + 1;

        public bool IsAccepting(long state) => true;

        public void AddClasses(ByteClasses classes)
        {
        }
    }
}
