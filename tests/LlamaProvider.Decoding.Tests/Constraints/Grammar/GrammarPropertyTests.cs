using LlamaProvider.Decoding.Constraints.Automata.Expressions;
using LlamaProvider.Decoding.Constraints.Grammar;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Tests.Constraints.Oracle;

namespace LlamaProvider.Decoding.Tests.Constraints.Grammar;

/// <summary>Random grammars, written down as GBNF, against the list of all texts.</summary>
public sealed class GrammarPropertyTests
{
    [Fact]
    public void Compile_RandomGrammars_RefusesExactlyTheMalformedAndMatchesTheRest()
    {
        var random = new Random(11);
        var table = new TextTable(letters: 2, longest: 7);
        int compiled = 0;
        for (int round = 0; round < 500; round++)
        {
            Term[] rules = new RandomTerms(random, 2).Grammar();
            var oracle = new LanguageOracle(table, rules);
            string gbnf = string.Join('\n', rules.Select((rule, index) => $"{Name(index)} ::= {Write(rule)}"));
            if (!oracle.IsWellFormed)
            {
                Assert.Throws<GrammarSyntaxException>(() => GrammarRun.Match(gbnf));
                continue;
            }

            compiled++;
            for (int walk = 0; walk < 20; walk++)
            {
                AssertWalk(random, oracle, GrammarRun.Match(gbnf), gbnf);
            }
        }

        Assert.InRange(compiled, 100, 250);
    }

    private static void AssertWalk(Random random, LanguageOracle oracle, GrammarMatcher matcher, string gbnf)
    {
        var text = new List<byte>();
        while (text.Count < 7)
        {
            Assert.True(oracle.IsText([.. text]) == matcher.CanEnd, gbnf);
            text.Add((byte)('a' + random.Next(2)));
            bool isAccepted = matcher.Accept([text[^1]]);
            Assert.True(oracle.IsPrefix([.. text]) == isAccepted, gbnf);
            if (!isAccepted)
            {
                return;
            }
        }
    }

    private static string Name(int rule) => rule == 0 ? "root" : $"rule-{rule}";

    private static string Write(Term term) => term switch
    {
        Term.Empty => "\"\"",
        Term.Letters one => $"[{((one.Bits & 1) != 0 ? "a" : string.Empty)}{((one.Bits & 2) != 0 ? "b" : string.Empty)}]",
        Term.Sequence pair => $"{Write(pair.First)} {Write(pair.Second)}",
        Term.Choice pair => $"({Write(pair.First)} | {Write(pair.Second)})",
        Term.Repetition { Max: RepetitionExpression.Unbounded } open => $"({Write(open.Part)}){{{open.Min},}}",
        Term.Repetition closed => $"({Write(closed.Part)}){{{closed.Min},{closed.Max}}}",
        Term.Words words => $"({string.Join(" | ", words.List.Select(word => $"\"{word}\""))})",
        Term.Rule rule => Name(rule.Index),
        _ => throw new InvalidOperationException(),
    };
}
