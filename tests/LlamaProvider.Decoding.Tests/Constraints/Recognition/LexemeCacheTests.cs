using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Tests.Constraints.Recognition;

public sealed class LexemeCacheTests
{
    private readonly ByteAlgebra _algebra = new();
    private readonly LexemeCache<LocalMask> _masks = new(capacity: 8);
    private int _computed;

    [Fact]
    public void GetOrAdd_SameLanguageInAnotherGrammar_IsComputedOnce()
    {
        Ask(_algebra.Text("a"u8));
        Ask(new ByteAlgebra().Text("a"u8));

        Assert.Equal(1, _computed);
    }

    [Fact]
    public void GetOrAdd_StateWithCalls_IsNotShared()
    {
        Ask(_algebra.Call(0, isNullable: false));
        Ask(_algebra.Call(0, isNullable: false));

        Assert.Equal(2, _computed);
    }

    [Fact]
    public void GetOrAdd_MoreThanItHolds_ForgetsTheOldest()
    {
        for (byte i = 0; i < 20; i++)
        {
            Ask(_algebra.Text([i]));
            Ask(_algebra.Text([0]));
        }

        Assert.Equal(20, _computed);
        Ask(_algebra.Text([19]));
        Assert.Equal(20, _computed);
        Ask(_algebra.Text([5]));
        Assert.Equal(21, _computed);
    }

    private void Ask(ByteExpression expression)
    {
        LexemeState state = new ByteAutomaton(_algebra, new Liveness(_algebra), expression, new RuleAutomata(_algebra, [])).Start!;
        _masks.GetOrAdd(state, this, static (test, _) =>
        {
            test._computed++;
            return new LocalMask(new TokenSet(new TokenMask(258)), []);
        });
    }
}
