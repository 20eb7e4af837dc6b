using System.Text;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Automata.Expressions;
using LlamaProvider.Decoding.Constraints.Completions;
using LlamaProvider.Decoding.Constraints.Intersections;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Tests.Constraints.Oracle;

namespace LlamaProvider.Decoding.Tests.Constraints.Intersections;

/// <summary>Random grammars intersected with random languages, against the lists of all their texts.</summary>
public sealed class IntersectionGrammarPropertyTests
{
    [Theory]
    [InlineData(2, 8, 300)]
    [InlineData(3, 6, 60)]
    public void Intersect_RandomGrammarAndLanguage_HasExactlyTheCommonTexts(int letters, int longest, int rounds)
    {
        var random = new Random(letters + 20);
        var table = new TextTable(letters, longest);
        int checks = 0;
        for (int round = 0; round < rounds; round++)
        {
            var terms = new RandomTerms(random, letters);
            Term[] rules = terms.Grammar();
            Term language = terms.Language(3);
            var oracle = new LanguageOracle(table, rules);
            var other = new LanguageOracle(table, language);
            if (!oracle.IsWellFormed)
            {
                continue;
            }

            var common = new CommonTexts(letters, longest, text => oracle.IsText(text) && other.IsText(text));
            string label = $"round {round}: {string.Join("; ", rules.AsEnumerable())} with {language}";
            Vocabulary vocabulary = RandomVocabulary.Create(random, letters, longest: 2);
            CompiledGrammar? grammar = Intersect(rules, oracle.Nullable, language, letters, vocabulary);
            if (grammar is null)
            {
                Assert.False(common.IsPrefix(""), label);
                continue;
            }

            checks += Walk(random, grammar.CreateMatcher(), vocabulary, common, longest - 4, label);
        }

        Assert.True(checks > rounds / 4, $"{checks} places");
    }

    /// <summary>Estimates decide which ways are looked at first, and not which one is found.</summary>
    [Theory]
    [InlineData(2, 8, 300)]
    [InlineData(3, 6, 300)]
    public void Completion_RandomGrammarAndPhrase_IsAShortestCommonText(int letters, int longest, int rounds)
    {
        var random = new Random(letters + 50);
        var table = new TextTable(letters, longest);
        int checks = 0;
        for (int round = 0; round < rounds; round++)
        {
            var terms = new RandomTerms(random, letters);
            Term[] rules = terms.Grammar();
            Term language = WithPhrase(random, letters, length: random.Next(2, 4));
            var oracle = new LanguageOracle(table, rules);
            var other = new LanguageOracle(table, language);
            if (!oracle.IsWellFormed)
            {
                continue;
            }

            var common = new CommonTexts(letters, longest, text => oracle.IsText(text) && other.IsText(text));
            Vocabulary vocabulary = RandomVocabulary.Create(random, letters, longest: 2);
            if (common.Shortest is not { } shortest || Intersect(rules, oracle.Nullable, language, letters, vocabulary) is not { } grammar)
            {
                continue;
            }

            string found = Encoding.UTF8.GetString(new RuleCompletions(new TokenTrie(vocabulary)).Of(grammar.Start)!.Text);
            string label = $"round {round}: {string.Join("; ", rules.AsEnumerable())} with {language}: '{found}' rather than '{shortest}'";
            Assert.True(common.IsText(found), label);
            Assert.True(found.Length == shortest.Length, label);
            checks += shortest.Length > 1 ? 1 : 0;
        }

        Assert.True(checks > rounds / 20, $"Only {checks} texts of several letters.");
    }

    private static Term.Sequence WithPhrase(Random random, int letters, int length)
    {
        Term any = new Term.Repetition(new Term.Letters((1 << letters) - 1), 0, RepetitionExpression.Unbounded);
        Term rest = any;
        for (int i = 0; i < length; i++)
        {
            rest = new Term.Sequence(new Term.Letters(1 << random.Next(letters)), rest);
        }

        return new Term.Sequence(any, rest);
    }

    private static CompiledGrammar? Intersect(Term[] rules, bool[] nullable, Term language, int letters, Vocabulary vocabulary)
    {
        var algebra = new ByteAlgebra();
        var automata = new RuleAutomata(algebra, [.. rules.Select(rule => rule.Build(algebra, letters, nullable))]);
        var grammar = new CompiledGrammar(automata.StartOf(0)!, new ConstraintVocabulary(vocabulary));
        var other = new ByteAlgebra();
        LexemeState? start = new ByteAutomaton(other, new Liveness(other), language.Build(other, letters, [])).Start;
        return start is null ? null : IntersectionGrammar.Intersect(grammar, start, 100_000);
    }

    private static int Walk(Random random, GrammarMatcher matcher, Vocabulary vocabulary, CommonTexts common, int longest, string label)
    {
        string text = "";
        int checks = 0;
        for (int step = 0; step < 6 && text.Length <= longest; step++)
        {
            var mask = new TokenMask(vocabulary.Count);
            matcher.FillMask(mask);
            string shown = $"{label} after '{text}'";
            Assert.True(matcher.CanEnd == common.IsText(text), shown);
            Assert.True(mask.Count > 0 || common.IsText(text) || !common.IsPrefix(text), shown);
            for (int token = 0; token < vocabulary.Count; token++)
            {
                bool isToken = vocabulary.IsText(token) && !vocabulary.GetBytes(token).IsEmpty;
                bool isListed = isToken && common.IsPrefix(text + vocabulary.GetText(token));

                // Texts beyond the list's length make a token legal that the list does not know: then such a text is looked for.
                Assert.True(!isListed || mask[token], $"{shown}: {vocabulary.GetText(token)}");
                Assert.True(!isToken || isListed || !mask[token] || ReachesEnd(matcher, token, vocabulary), $"{shown}: dead after {vocabulary.GetText(token)}");
                Assert.True(isToken || !mask[token] || (vocabulary.IsEndOfGeneration(token) && matcher.CanEnd), shown);
            }

            checks++;
            int[] listed = [.. Enumerable.Range(0, vocabulary.Count).Where(token => mask[token] && vocabulary.IsText(token))];
            if (listed.Length == 0)
            {
                break;
            }

            int next = listed[random.Next(listed.Length)];
            Assert.True(matcher.Accept(next));
            text += vocabulary.GetText(next);
        }

        return checks;
    }

    private static bool ReachesEnd(GrammarMatcher matcher, int token, Vocabulary vocabulary)
    {
        var open = new Queue<ITokenConstraint>([matcher.Fork()]);
        open.Peek().Accept(token);
        var mask = new TokenMask(vocabulary.Count);
        for (int tries = 0; tries < 3000 && open.TryDequeue(out ITokenConstraint? place); tries++)
        {
            if (place.CanEnd)
            {
                return true;
            }

            place.FillMask(mask);
            for (int next = mask.Next(0); next >= 0; next = mask.Next(next + 1))
            {
                ITokenConstraint fork = place.Fork();
                Assert.True(fork.Accept(next));
                open.Enqueue(fork);
            }
        }

        return open.Count > 0;
    }

    /// <summary>The texts up to a length.</summary>
    private sealed class CommonTexts
    {
        private readonly HashSet<string> _texts = [];
        private readonly HashSet<string> _prefixes = [];

        public string? Shortest => _texts.MinBy(static text => text.Length);

        public CommonTexts(int letters, int longest, Func<ReadOnlySpan<byte>, bool> isText)
        {
            var open = new Queue<string>([""]);
            while (open.TryDequeue(out string? text))
            {
                if (isText(Encoding.UTF8.GetBytes(text)))
                {
                    _texts.Add(text);
                    for (int length = 0; length <= text.Length; length++)
                    {
                        _prefixes.Add(text[..length]);
                    }
                }

                for (int letter = 0; letter < letters && text.Length < longest; letter++)
                {
                    open.Enqueue(text + (char)('a' + letter));
                }
            }
        }

        public bool IsText(string text) => _texts.Contains(text);

        public bool IsPrefix(string text) => _prefixes.Contains(text);
    }
}
