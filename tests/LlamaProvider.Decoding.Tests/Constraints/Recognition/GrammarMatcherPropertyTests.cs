using System.Text;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Tests.Constraints.Oracle;

namespace LlamaProvider.Decoding.Tests.Constraints.Recognition;

/// <summary>The promise of <see cref="ITokenConstraint"/>, bit by bit, against the list of all texts.</summary>
public sealed class GrammarMatcherPropertyTests
{
    [Theory]
    [InlineData(2, 8, 1500)]
    [InlineData(3, 6, 400)]
    public void FillMask_RandomGrammars_HasExactlyTheLegalTokens(int letters, int longest, int rounds)
    {
        var random = new Random(letters);
        var table = new TextTable(letters, longest);
        for (int round = 0; round < rounds; round++)
        {
            Term[] rules = new RandomTerms(random, letters).Grammar();
            var oracle = new LanguageOracle(table, rules);
            if (oracle.IsWellFormed)
            {
                Walk(random, oracle, rules, letters, longest, $"round {round}: {string.Join("; ", rules.AsEnumerable())}");
            }
        }
    }

    [Fact]
    public void FillMask_RandomLanguages_HasExactlyTheLegalTokens()
    {
        var random = new Random(5);
        var table = new TextTable(letters: 2, longest: 10);
        for (int round = 0; round < 600; round++)
        {
            Term term = new RandomTerms(random, 2).Language(3);
            var oracle = new LanguageOracle(table, term);
            if (oracle.IsPrefix([]))
            {
                // Leaves room for the shortest way to the end of a text.
                Walk(random, oracle, [term], letters: 2, longest: 6, $"round {round}: {term}");
            }
        }
    }

    private static void Walk(Random random, LanguageOracle oracle, Term[] rules, int letters, int longest, string label)
    {
        Vocabulary vocabulary = RandomVocabulary.Create(random, letters, Math.Min(4, longest / 2));
        var algebra = new ByteAlgebra();
        var automata = new RuleAutomata(algebra, [.. rules.Select(rule => rule.Build(algebra, letters, oracle.Nullable))]);
        var grammar = new CompiledGrammar(automata.StartOf(0)!, new ConstraintVocabulary(vocabulary, longestCommon: 2));
        GrammarMatcher matcher = grammar.CreateMatcher();
        var texts = new List<byte[]> { Array.Empty<byte>() };
        for (int step = 0; step < 12; step++)
        {
            string shown = $"{label} after '{Encoding.UTF8.GetString(texts[^1])}'";
            AssertMask(oracle, matcher, vocabulary, texts[^1], shown);
            var mask = new TokenMask(vocabulary.Count);
            matcher.FillMask(mask);
            int token = random.Next(vocabulary.Count);
            AssertForkAndRefusal(matcher, mask, vocabulary, token, shown);
            if (texts.Count > 1 && random.Next(4) == 0)
            {
                int back = random.Next(texts.Count);
                matcher.Rollback(back);
                texts.RemoveRange(texts.Count - back, back);
            }
            else if (mask[token] && !vocabulary.IsEndOfGeneration(token) && texts[^1].Length + vocabulary.GetBytes(token).Length + vocabulary.LongestToken <= longest)
            {
                Assert.True(matcher.Accept(token), shown);
                texts.Add([.. texts[^1], .. vocabulary.GetBytes(token)]);
            }
        }
    }

    private static void AssertMask(LanguageOracle oracle, GrammarMatcher matcher, Vocabulary vocabulary, byte[] text, string shown)
    {
        var mask = new TokenMask(vocabulary.Count);
        mask.AddAll();
        matcher.FillMask(mask);
        Assert.True(oracle.IsText(text) == matcher.CanEnd, shown);
        for (int token = 0; token < vocabulary.Count; token++)
        {
            ReadOnlySpan<byte> bytes = vocabulary.GetBytes(token);
            bool expected = vocabulary.IsEndOfGeneration(token)
                ? oracle.IsText(text)
                : vocabulary.IsText(token) && !bytes.IsEmpty && oracle.IsPrefix([.. text, .. bytes]);
            Assert.True(expected == mask[token], $"{shown}, token {token} '{vocabulary.GetText(token)}'");
        }
    }

    private static void AssertForkAndRefusal(GrammarMatcher matcher, TokenMask mask, Vocabulary vocabulary, int token, string shown)
    {
        ITokenConstraint fork = matcher.Fork();
        Assert.True(mask[token] == fork.Accept(token), shown);
        var after = new TokenMask(vocabulary.Count);
        if (mask[token])
        {
            fork.FillMask(after);
            Assert.True(!vocabulary.IsEndOfGeneration(token) || (after.Count == 0 && !fork.CanEnd && !fork.Accept(0)), shown);
            fork.Rollback(1);
        }

        fork.FillMask(after);
        Assert.True(mask.Words.SequenceEqual(after.Words), shown);
        matcher.FillMask(after);
        Assert.True(mask.Words.SequenceEqual(after.Words), shown);
    }
}
