using System.Text;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Tests.Constraints.Grammar;
using LlamaProvider.Decoding.Tests.Constraints.Oracle;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Constraints.Recognition;

public sealed class ForcedTextTests
{
    [Theory]
    [InlineData("root ::= \"{\\\"name\\\": \\\"\" [a-d]+", "", "{\"name\": \"", "abcd")]
    [InlineData("root ::= \"abc\" \"d\"?", "", "abc", "d")]
    [InlineData("root ::= \"a\" | \"b\"", "", "", "ab")]
    [InlineData("root ::= item (\",\" item)*\nitem ::= \"true\" | \"false\"", "t", "rue", ",")]
    [InlineData("root ::= \"(\" root \")\" | \"x\"", "((x", "))", "")]
    [InlineData("root ::= [é]", "", "é", "")]
    [InlineData("root ::= \"a\"{500} \"b\"", "", "aaaaaaaaaaaaaaaaaaaa", "a")]
    public void ReadForcedText_Grammar_ReadsToTheNextChoice(string gbnf, string text, string expected, string next)
    {
        GrammarMatcher matcher = GrammarRun.Match(gbnf);
        Assert.True(matcher.Accept(Encoding.UTF8.GetBytes(text)));
        Span<byte> forced = stackalloc byte[20];

        int count = matcher.ReadForcedText(forced, out ByteSet follows);

        Assert.Equal(expected, Encoding.UTF8.GetString(forced[..count]));
        Assert.Equal(next, string.Concat(Enumerable.Range(0, 256).Where(value => follows.Contains((byte)value)).Select(value => (char)value)));
    }

    [Fact]
    public void ReadForcedText_TokenReference_IsNoText()
    {
        GrammarMatcher matcher = GrammarRun.Match("root ::= \"a\" <think>", GrammarRun.Markers);
        Span<byte> forced = stackalloc byte[20];

        Assert.Equal(1, matcher.ReadForcedText(forced, out ByteSet next));
        Assert.True(next.IsEmpty);
    }

    [Fact]
    public void ReadForcedText_RandomGrammars_ReadsWhatMasksOfSingleBytesForce()
    {
        var random = new Random(4);
        var table = new TextTable(letters: 2, longest: 5);
        int read = 0;
        for (int round = 0; round < 400; round++)
        {
            Term[] rules = new RandomTerms(random, 2).Grammar();
            var oracle = new LanguageOracle(table, rules);
            if (oracle.IsWellFormed)
            {
                var algebra = new ByteAlgebra();
                var automata = new RuleAutomata(algebra, [.. rules.Select(rule => rule.Build(algebra, 2, oracle.Nullable))]);
                GrammarMatcher matcher = new CompiledGrammar(automata.StartOf(0)!, GrammarRun.Vocabulary).CreateMatcher();
                for (int step = 0; step < 4; step++)
                {
                    read += AssertForced(matcher);
                    matcher.Accept([(byte)('a' + random.Next(2))]);
                }
            }
        }

        Assert.True(read > 30, $"Only {read} bytes were forced.");
    }

    private static int AssertForced(GrammarMatcher matcher)
    {
        Span<byte> forced = stackalloc byte[6];
        forced = forced[..matcher.ReadForcedText(forced, out ByteSet next)];
        ITokenConstraint fork = matcher.Fork();
        var expected = new List<byte>();
        var mask = new TokenMask(GrammarRun.Vocabulary.Vocabulary.Count);
        while (true)
        {
            fork.FillMask(mask);
            int[] bytes = [.. Enumerable.Range(0, 256).Where(value => mask[ScriptedVocabulary.Byte((char)value)])];
            if (expected.Count == 6 || bytes.Length != 1 || fork.CanEnd)
            {
                Assert.Equal(bytes, Enumerable.Range(0, 256).Where(value => next.Contains((byte)value)));
                break;
            }

            expected.Add((byte)bytes[0]);
            fork.Accept(ScriptedVocabulary.Byte((char)bytes[0]));
        }

        Assert.Equal(expected, forced.ToArray());
        return forced.Length;
    }
}
