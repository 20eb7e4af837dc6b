using System.Text;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Tests.Constraints.Recognition;

/// <summary>Masks that are taken from those of rounded counts are the ones that the counts themselves have.</summary>
public sealed class MaskBetweenTests
{
    // Tokens of up to six words, of up to ten bytes, and with the end of the text in them.
    private static readonly Vocabulary Vocabulary = new(
        [.. new[] { "a", " ", "\"", "aa", "a ", " a", "a a a", " a a a a a ", "aaaaaaaaaa", "a\"", "a a\"", "a a a a a a", "aaaa aaaa" }
            .Select(static text => new VocabularyEntry(Encoding.UTF8.GetBytes(text)))],
        new SpecialTokens());

    private readonly ByteAlgebra _algebra = new();

    [Theory]
    [InlineData(45, 60)]
    [InlineData(45, 300)]
    [InlineData(12, 14)]
    [InlineData(300, 40)]
    public void FillMask_CountedWordsOfCountedText_HasExactlyTheTokensThatMayFollow(int words, int bytes)
    {
        LexemeState state = StartOf(words, bytes);
        var matcher = new CompiledGrammar(state, new ConstraintVocabulary(Vocabulary, longestCommon: 6)).CreateMatcher();
        var mask = new TokenMask(Vocabulary.Count);
        int steps = 0;
        while (state.Step((byte)'a') is not null)
        {
            matcher.FillMask(mask);
            Assert.All(Enumerable.Range(0, Vocabulary.Count), token => Assert.Equal(state.Step(Vocabulary.GetBytes(token)) is not null, mask[token]));

            // Words of one letter and of two in turn.
            byte[] next = steps++ % 5 == 4 ? "aa "u8.ToArray() : "a "u8.ToArray();
            if (state.Step(next) is not { } behind)
            {
                break;
            }

            Assert.True(matcher.Accept(next));
            state = behind;
        }

        Assert.InRange(steps, 5, words + 1);
    }

    [Fact]
    public void FillMask_ManyWordsLeft_SharesOneMask()
    {
        ConstraintVocabulary vocabulary = new(Vocabulary, longestCommon: 6);
        LexemeState first = StartOf(30, 100);
        LexemeState second = first.Step("a a "u8)!;
        new CompiledGrammar(first, vocabulary).CreateMatcher().FillMask(new TokenMask(Vocabulary.Count));
        new CompiledGrammar(second, vocabulary).CreateMatcher().FillMask(new TokenMask(Vocabulary.Count));

        Assert.NotSame(first, second);
        Assert.Same(first.Masks[0], second.Masks[0]);
    }

    /// <summary>Words of the letter a, a space between two, and a quotation mark at the end.</summary>
    private LexemeState StartOf(int words, int bytes)
    {
        ByteExpression word = _algebra.Repetition(_algebra.Text("a"u8), 1);
        ByteExpression text = _algebra.Sequence(_algebra.Repetition(_algebra.Sequence(word, _algebra.Text(" "u8)), 0, words - 1), word);
        ByteExpression counted = _algebra.Repetition(_algebra.Bytes(ByteSet.All & ~ByteSet.Of((byte)'"')), 0, bytes);
        return new ByteAutomaton(_algebra, new Liveness(_algebra), _algebra.Sequence(_algebra.Intersection(text, counted), _algebra.Text("\""u8))).Start!;
    }
}
