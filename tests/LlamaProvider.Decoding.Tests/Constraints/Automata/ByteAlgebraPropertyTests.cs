using System.Text;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Tests.Constraints.Oracle;

namespace LlamaProvider.Decoding.Tests.Constraints.Automata;

/// <summary>Derivatives against the list of all texts.</summary>
public sealed class ByteAlgebraPropertyTests
{
    private const int Longest = 10;

    [Fact]
    public void Automaton_RandomLanguages_AcceptsTheirTextsAndLeadsNowhereElse()
    {
        var random = new Random(1);
        var table = new TextTable(letters: 2, Longest);
        for (int round = 0; round < 200; round++)
        {
            Term term = new RandomTerms(random, 2).Language(3);
            var oracle = new LanguageOracle(table, term);
            var algebra = new ByteAlgebra();
            var automaton = new ByteAutomaton(algebra, new Liveness(algebra), term.Build(algebra, 2, [false]));
            for (int i = 0; i < 40; i++)
            {
                AssertWalk(random, oracle, automaton, $"round {round}: {term}");
            }
        }
    }

    private static void AssertWalk(Random random, LanguageOracle oracle, ByteAutomaton automaton, string label)
    {
        LexemeState? state = automaton.Start;
        var text = new List<byte>();
        while (true)
        {
            string shown = $"{label} after '{Encoding.UTF8.GetString([.. text])}'";
            Assert.True(oracle.IsPrefix([.. text]) == (state is not null), shown);
            if (state is null || text.Count == 6)
            {
                return;
            }

            Assert.True(oracle.IsText([.. text]) == state.IsAccepting, shown);
            byte next = (byte)('a' + random.Next(2));
            text.Add(next);
            Assert.Null(state.Step((byte)'z'));
            state = state.Step(next);
        }
    }
}
