using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Constraints.Recognition;

public sealed class CompiledGrammarTests
{
    [Fact]
    public void CreateMatcher_TwoThreadsAtOnce_SayTheSameAsOne()
    {
        List<ulong[]> expected = Run(Compile());
        CompiledGrammar shared = Compile();
        var runs = new List<ulong[]>[4];

        Parallel.For(0, runs.Length, i => runs[i] = Run(shared));

        Assert.All(runs, run => Assert.Equal(expected, run));
    }

    [Fact]
    public void Fork_TwoThreadsAtOnce_AreIndependent()
    {
        List<ulong[]> expected = Run(Compile());
        GrammarMatcher matcher = Compile().CreateMatcher();
        ITokenConstraint[] forks = [.. Enumerable.Range(0, 4).Select(_ => matcher.Fork())];
        var runs = new List<ulong[]>[forks.Length];

        Parallel.For(0, runs.Length, i => runs[i] = Run(forks[i]));

        Assert.All(runs, run => Assert.Equal(expected, run));
    }

    [Fact]
    public void Rollback_MoreThanAccepted_SaysHowMany()
    {
        GrammarMatcher matcher = Compile().CreateMatcher();
        Assert.True(matcher.Accept(ScriptedVocabulary.Byte('(')));

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => matcher.Rollback(2));

        Assert.StartsWith("Only 1 tokens were accepted.", error.Message, StringComparison.Ordinal);
    }

    private static CompiledGrammar Compile()
    {
        var algebra = new ByteAlgebra();
        ByteExpression nested = algebra.Choice(
            algebra.Sequence(algebra.Text("("u8), algebra.Call(0, isNullable: true), algebra.Text(")"u8), algebra.Call(0, isNullable: true)),
            algebra.Sequence(algebra.Text("["u8), algebra.Call(0, isNullable: true), algebra.Text("]"u8)),
            algebra.Empty);
        return new CompiledGrammar(new RuleAutomata(algebra, [nested]).StartOf(0)!, new ConstraintVocabulary(ScriptedVocabulary.Bytes("()", "[(", ")]", "((", "))")));
    }

    private static List<ulong[]> Run(CompiledGrammar grammar) => Run(grammar.CreateMatcher());

    private static List<ulong[]> Run(ITokenConstraint matcher)
    {
        var random = new Random(7);
        var masks = new List<ulong[]>();
        var mask = new TokenMask(263);
        for (int step = 0; step < 300; step++)
        {
            matcher.FillMask(mask);
            masks.Add(mask.Words.ToArray());
            int token = mask.Next(random.Next(263));
            if (token > 0)
            {
                matcher.Accept(token);
            }
            else
            {
                matcher.Rollback(Math.Min(step / 20, 3) / 2);
            }
        }

        return masks;
    }
}
