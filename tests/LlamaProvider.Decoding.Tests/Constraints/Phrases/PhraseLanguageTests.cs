using System.Text;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Phrases;

namespace LlamaProvider.Decoding.Tests.Constraints.Phrases;

public sealed class PhraseLanguageTests
{
    private static readonly string[] Alphabet = ["a", "b", "A", "é", "É", " ", "."];

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Build_RandomPhrases_HasExactlyTheTextsThatContainThem(bool ignoreCase, bool wholeWords)
    {
        var random = new Random(ignoreCase ? 1 : 2);
        for (int round = 0; round < 60; round++)
        {
            PhraseOptions required = Phrases(random.Next(3));
            PhraseOptions forbidden = Phrases(random.Next(3));
            var algebra = new ByteAlgebra();
            ByteExpression language = PhraseLanguage.Build(algebra, required, forbidden);
            for (int i = 0; i < 40; i++)
            {
                string text = Text(random.Next(9));
                bool expected = PhraseReference.ContainsAll(text, required) && !PhraseReference.ContainsAny(text, forbidden);
                Assert.True(
                    expected == language.Has(text, algebra),
                    $"'{text}' required {string.Join('|', required.Phrases)} forbidden {string.Join('|', forbidden.Phrases)}");
            }
        }

        PhraseOptions Phrases(int count) =>
            new() { Phrases = [.. Enumerable.Range(0, count).Select(_ => Text(random.Next(1, 4)))], IgnoreCase = ignoreCase, WholeWords = wholeWords };

        string Text(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => Alphabet[random.Next(Alphabet.Length)]));
    }

    [Fact]
    public void Build_NoPhrase_IsWellFormedText()
    {
        var algebra = new ByteAlgebra();
        ByteExpression language = PhraseLanguage.Build(algebra, PhraseOptions.None, PhraseOptions.None);

        Assert.True(language.Has("any → text 🙂", algebra));
        Assert.False(language.Has(Encoding.UTF8.GetBytes("→").AsSpan(0, 2), algebra));
        Assert.False(language.Has([0xC0, 0x80], algebra));
    }

    [Fact]
    public void CountMissing_AlongAText_FallsWithEachPhrase()
    {
        var algebra = new ByteAlgebra();
        ByteExpression state = PhraseLanguage.Build(algebra, new PhraseOptions { Phrases = ["ab", "b c", "d"] }, new PhraseOptions { Phrases = ["xyz"] });
        var counts = new List<int> { PhraseLanguage.CountMissing(state) };
        foreach (byte value in "xab cabd"u8)
        {
            state = algebra.Derive(state, value);
            counts.Add(PhraseLanguage.CountMissing(state));
        }

        Assert.Equal([5, 5, 5, 4, 4, 3, 3, 3, 2], counts);
    }
}
