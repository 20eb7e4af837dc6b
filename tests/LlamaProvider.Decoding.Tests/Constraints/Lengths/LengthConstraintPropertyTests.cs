using System.Text;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Lengths;
using LlamaProvider.Decoding.Constraints.Phrases;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Tests.Constraints.Oracle;
using LlamaProvider.Decoding.Tests.Constraints.Phrases;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Constraints.Lengths;

/// <summary>Phrases and lengths in free text against brute force.</summary>
public sealed class LengthConstraintPropertyTests
{
    [Fact]
    public void FillMask_PhrasesAndMaxTokens_HasOnlyTokensThatCanBeCompletedAndAlwaysOne()
    {
        var random = new Random(11);
        int bits = 0;
        int given = 0;
        for (int round = 0; round < 60; round++)
        {
            Vocabulary vocabulary = RandomVocabulary.Create(random, letters: 2, longest: 3);
            PhraseOptions required = new() { Phrases = [.. Enumerable.Range(0, random.Next(3)).Select(_ => Word(random, 3))] };
            PhraseOptions forbidden = new() { Phrases = [.. Enumerable.Range(0, random.Next(2)).Select(_ => Word(random, 3))] };
            int most = random.Next(1, 6);
            if (TryCreate(vocabulary, required, forbidden, new LengthOptions { MaxTokens = most }) is not { } constraint)
            {
                continue;
            }

            bool IsHopeless(string text) => PhraseReference.ContainsAny(text, forbidden);
            var oracle = new TokenBudgetOracle(vocabulary, text => PhraseReference.ContainsAll(text, required) && !IsHopeless(text), IsHopeless);
            string text = "";
            for (int used = 0; ; used++)
            {
                TokenMask mask = MaskOf(constraint, vocabulary);
                string shown = $"round {round}, '{text}' after {used} of {most}, required {string.Join('|', required.Phrases)}, forbidden {string.Join('|', forbidden.Phrases)}";
                bool isComplete = PhraseReference.ContainsAll(text, required);
                Assert.True(isComplete == constraint.CanEnd, shown);
                Assert.True(isComplete || mask.Count > 0, shown);
                for (int token = 0; token < vocabulary.Count; token++)
                {
                    ReadOnlySpan<byte> bytes = vocabulary.GetBytes(token);
                    bool isPossible = vocabulary.IsEndOfGeneration(token) ? isComplete
                        : vocabulary.IsText(token) && !bytes.IsEmpty && used < most && oracle.CanComplete(text + Encoding.UTF8.GetString(bytes), most - used - 1);
                    Assert.True(isPossible || !mask[token], $"{shown}: {vocabulary.GetText(token)}");
                    bits += isPossible ? 1 : 0;
                    given += mask[token] ? 1 : 0;
                }

                AssertUndo(random, constraint, vocabulary, mask);
                int next = Pick(random, mask, vocabulary);
                if (next < 0)
                {
                    break;
                }

                Assert.True(constraint.Accept(next), shown);
                text += vocabulary.GetText(next);
            }

            Assert.True(PhraseReference.ContainsAll(text, required) && !PhraseReference.ContainsAny(text, forbidden), text);
        }

        // Most of what is possible is given: the reserve is the shortest completion in nearly all cases.
        Assert.InRange(given, bits * 0.95, bits);
    }

    [Fact]
    public void FillMask_PhrasesAlone_HasExactlyTheTokensOfLegalTexts()
    {
        var random = new Random(12);
        for (int round = 0; round < 60; round++)
        {
            Vocabulary vocabulary = RandomVocabulary.Create(random, letters: 2, longest: 3);
            PhraseOptions required = new() { Phrases = [.. Enumerable.Range(0, random.Next(3)).Select(_ => Word(random, 3))], WholeWords = random.Next(2) == 0 };
            PhraseOptions forbidden = new() { Phrases = [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => Word(random, 2))] };
            if (TryCreate(vocabulary, required, forbidden, LengthOptions.None) is not { } constraint)
            {
                continue;
            }

            string text = "";
            for (int step = 0; step < 8; step++)
            {
                TokenMask mask = MaskOf(constraint, vocabulary);
                for (int token = 0; token < vocabulary.Count; token++)
                {
                    // What is forbidden can be avoided by a space, and what is required be said behind one.
                    ReadOnlySpan<byte> bytes = vocabulary.GetBytes(token);
                    bool expected = vocabulary.IsEndOfGeneration(token) ? PhraseReference.ContainsAll(text, required)
                        : vocabulary.IsText(token) && !bytes.IsEmpty && !PhraseReference.ContainsAny(text + Encoding.UTF8.GetString(bytes), forbidden);
                    Assert.True(expected == mask[token], $"round {round}, '{text}': {vocabulary.GetText(token)}");
                }

                int next = Pick(random, mask, vocabulary);
                if (next < 0)
                {
                    break;
                }

                Assert.True(constraint.Accept(next));
                text += vocabulary.GetText(next);
            }
        }
    }

    [Fact]
    public void RandomWalk_AllConditions_EndsWithAllOfThemMet()
    {
        var random = new Random(13);
        Vocabulary vocabulary = ScriptedVocabulary.Bytes(" cat", "cat", "s.", ". ", " a", "the ", " The", "!\n", "。", "字", "\"", "é", " is", "1");
        string[] phrases = ["cat", "the cat", "É", "is. a", "字"];
        for (int round = 0; round < 100; round++)
        {
            PhraseOptions required = new()
            {
                Phrases = [.. phrases.Where(_ => random.Next(3) == 0)],
                IgnoreCase = random.Next(2) == 0,
                WholeWords = random.Next(2) == 0,
            };
            PhraseOptions forbidden = new() { Phrases = random.Next(2) == 0 ? ["cats", "zz"] : [], IgnoreCase = true };
            int words = random.Next(0, 6);
            int sentences = random.Next(0, 3);
            var lengths = new LengthOptions
            {
                MinTokens = random.Next(3) == 0 ? random.Next(20) : 0,
                MaxTokens = random.Next(20, 80),
                MinWords = words,
                MaxWords = random.Next(2) == 0 ? Math.Max(1, words + random.Next(6)) : null,
                MinSentences = sentences,
                MaxSentences = random.Next(2) == 0 ? Math.Max(1, sentences + random.Next(2)) : null,
            };
            if (lengths.MaxWords < sentences || TryCreate(vocabulary, required, forbidden, lengths) is not { } constraint)
            {
                continue;
            }

            (string text, int tokens, bool isEnded) = Run(random, constraint, vocabulary);

            string shown = $"round {round}: '{text}' {lengths} required {string.Join('|', required.Phrases)} {required}";
            Assert.True(isEnded, shown);
            Assert.True(PhraseReference.ContainsAll(text, required), shown);
            Assert.False(PhraseReference.ContainsAny(text, forbidden), shown);
            Assert.True(tokens >= lengths.MinTokens && tokens <= lengths.MaxTokens, shown);
            Assert.True(LengthReference.Words(text) is var count && count >= lengths.MinWords && count <= (lengths.MaxWords ?? count), shown);
            Assert.True((count = LengthReference.Sentences(text)) >= lengths.MinSentences && count <= (lengths.MaxSentences ?? count), shown);
        }
    }

    private static (string Text, int Tokens, bool IsEnded) Run(Random random, ITokenConstraint constraint, Vocabulary vocabulary)
    {
        var bytes = new List<byte>();
        for (int tokens = 0; tokens < 200; tokens++)
        {
            TokenMask mask = MaskOf(constraint, vocabulary);
            AssertUndo(random, constraint, vocabulary, mask);
            int[] legal = [.. Enumerable.Range(0, vocabulary.Count).Where(token => mask[token])];
            int token = legal.Length == 0 ? -1 : legal[random.Next(legal.Length)];
            token = random.Next(8) == 0 && mask[0] ? 0 : token;
            if (token < 0)
            {
                break;
            }

            Assert.True(constraint.Accept(token));
            if (token == 0)
            {
                return (Encoding.UTF8.GetString([.. bytes]), tokens, true);
            }

            bytes.AddRange(vocabulary.GetBytes(token));
        }

        return (Encoding.UTF8.GetString([.. bytes]), 0, false);
    }

    private static ITokenConstraint? TryCreate(Vocabulary vocabulary, PhraseOptions required, PhraseOptions forbidden, LengthOptions lengths)
    {
        try
        {
            return ConstraintFactory.Compile(new ConstraintVocabulary(vocabulary), grammar: null, required, forbidden, lengths).CreateMatcher();
        }
        catch (InvalidConstraintException)
        {
            return null;
        }
    }

    private static TokenMask MaskOf(ITokenConstraint constraint, Vocabulary vocabulary)
    {
        var mask = new TokenMask(vocabulary.Count);
        mask.AddAll();
        constraint.FillMask(mask);
        return mask;
    }

    private static void AssertUndo(Random random, ITokenConstraint constraint, Vocabulary vocabulary, TokenMask mask)
    {
        ITokenConstraint fork = constraint.Fork();
        int token = random.Next(vocabulary.Count);
        Assert.Equal(mask[token], fork.Accept(token));
        fork.Rollback(mask[token] ? 1 : 0);
        Assert.True(mask.Words.SequenceEqual(MaskOf(fork, vocabulary).Words));
        Assert.True(mask.Words.SequenceEqual(MaskOf(constraint, vocabulary).Words));
    }

    private static int Pick(Random random, TokenMask mask, Vocabulary vocabulary)
    {
        int[] legal = [.. Enumerable.Range(0, vocabulary.Count).Where(token => mask[token] && !vocabulary.IsEndOfGeneration(token))];
        return legal.Length == 0 ? -1 : legal[random.Next(legal.Length)];
    }

    private static string Word(Random random, int longest) =>
        string.Concat(Enumerable.Range(0, random.Next(1, longest + 1)).Select(_ => (char)('a' + random.Next(2))));
}
