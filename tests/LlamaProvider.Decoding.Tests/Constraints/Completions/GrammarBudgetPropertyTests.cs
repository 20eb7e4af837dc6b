using System.Text;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Tests.Constraints.Lengths;
using LlamaProvider.Decoding.Tests.Constraints.Oracle;

namespace LlamaProvider.Decoding.Tests.Constraints.Completions;

/// <summary>Random grammars under a token budget, against brute force.</summary>
public sealed class GrammarBudgetPropertyTests
{
    private const int Letters = 2;
    private const int Longest = 9;

    [Fact]
    public void FillMask_RandomGrammarAndBudget_HasOnlyTokensThatCanBeCompletedAndAlwaysOne()
    {
        var random = new Random(31);
        var table = new TextTable(Letters, Longest);
        (int possible, int given, int texts) = (0, 0, 0);
        for (int round = 0; round < 400; round++)
        {
            Term[] rules = new RandomTerms(random, Letters).Grammar();
            var oracle = new LanguageOracle(table, rules);
            if (!oracle.IsWellFormed)
            {
                continue;
            }

            Vocabulary vocabulary = RandomVocabulary.Create(random, Letters, longest: 2);
            int most = random.Next(1, 5);
            var budget = new TokenBudgetOracle(vocabulary, text => oracle.IsText(Encoding.UTF8.GetBytes(text)), text => !oracle.IsPrefix(Encoding.UTF8.GetBytes(text)));
            ICompiledConstraint compiled = Compile(rules, oracle.Nullable, vocabulary);
            if (compiled.FindTooLong(most) is not null)
            {
                continue;
            }

            // A completion that is written in the fewest tokens for each rule by itself may take more of them than the budget has from the start, though another would fit.
            string label = $"round {round}: {string.Join("; ", rules.AsEnumerable())}";
            Assert.True(budget.CanComplete("", most), label);
            texts++;
            Walk(random, compiled.CreateMatcher(most), vocabulary, budget, most, label, ref possible, ref given);
        }

        Assert.InRange(texts, 60, 400);
        Assert.InRange(given, possible * 0.95, possible);
    }

    private static void Walk(
        Random random, ITokenConstraint constraint, Vocabulary vocabulary, TokenBudgetOracle budget, int most, string label, ref int possible, ref int given)
    {
        var mask = new TokenMask(vocabulary.Count);
        string text = "";
        for (int left = most; ; left--)
        {
            constraint.FillMask(mask);
            string shown = $"{label} after '{text}' with {left} of {most}";
            Assert.True(budget.CanComplete(text, 0) == constraint.CanEnd, shown);
            Assert.True(mask.Count > 0 || constraint.CanEnd, shown);
            for (int token = 0; token < vocabulary.Count; token++)
            {
                ReadOnlySpan<byte> bytes = vocabulary.GetBytes(token);
                bool isPossible = vocabulary.IsEndOfGeneration(token) ? constraint.CanEnd
                    : vocabulary.IsText(token) && !bytes.IsEmpty && left > 0 && budget.CanComplete(text + Encoding.UTF8.GetString(bytes), left - 1);
                Assert.True(isPossible || !mask[token], $"{shown}: {vocabulary.GetText(token)}");
                possible += isPossible ? 1 : 0;
                given += mask[token] ? 1 : 0;
            }

            ITokenConstraint fork = constraint.Fork();
            int[] legal = [.. Enumerable.Range(0, vocabulary.Count).Where(token => mask[token] && !vocabulary.IsEndOfGeneration(token))];
            if (legal.Length == 0)
            {
                Assert.True(constraint.CanEnd, shown);
                return;
            }

            int next = legal[random.Next(legal.Length)];
            Assert.True(fork.Accept(next), shown);
            fork.Rollback(1);
            Assert.True(constraint.Accept(next), shown);
            text += vocabulary.GetText(next);
        }
    }

    private static CompiledGrammar Compile(Term[] rules, bool[] nullable, Vocabulary vocabulary)
    {
        var algebra = new ByteAlgebra();
        var automata = new RuleAutomata(algebra, [.. rules.Select(rule => rule.Build(algebra, Letters, nullable))]);
        return new CompiledGrammar(automata.StartOf(0)!, new ConstraintVocabulary(vocabulary));
    }
}
