using System.Text;
using Pattern = System.Text.RegularExpressions.Regex;
using LlamaProvider.Decoding.Constraints.Lengths;
using LlamaProvider.Decoding.Tests.Constraints.Phrases;

namespace LlamaProvider.Decoding.Tests.Constraints.Lengths;

public sealed class TextScannerTests
{
    private static readonly string[] Alphabet = ["a", "B", "é", "字", "1", "\u0301", " ", "\n", ".", "!", "?", "…", "。", "！", ",", "\"", ")", "”", "-", "🙂"];

    [Theory]
    [InlineData("", 0, 0)]
    [InlineData("One two. Three!", 3, 2)]
    [InlineData("Pi is 3.14, isn't it? \"Yes.\" No", 9, 3)]
    [InlineData("...", 0, 0)]
    [InlineData("你好。再见！", 2, 2)]
    [InlineData("a.b.c d", 4, 1)]
    [InlineData("e\u0301te\u0301", 1, 1)]
    public void Advance_Text_CountsWordsAndSentences(string text, int words, int sentences)
    {
        TextCounts counts = Count(text);

        Assert.Equal((words, sentences), (counts.Words, counts.Sentences));
    }

    [Fact]
    public void Advance_RandomTexts_CountsAsTheDefinitionSays()
    {
        var random = new Random(3);
        for (int round = 0; round < 3000; round++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(14)).Select(_ => Alphabet[random.Next(Alphabet.Length)]));
            TextCounts counts = Count(text);

            Assert.True((LengthReference.Words(text), LengthReference.Sentences(text)) == (counts.Words, counts.Sentences), $"'{text}': {counts}");
        }
    }

    [Fact]
    public void Advance_SpacesBehindTheLastWord_AreNoted()
    {
        Assert.False(Count("a b.\"").HasSpaceAfterWord);
        Assert.False(Count("a b").HasSpaceAfterSentence);
        Assert.True(Count("a  b").HasSpaceAfterWord);
        Assert.True(Count("a. ").HasSpaceAfterSentence);
    }

    [Fact]
    public void BytesToBegin_AnyPlace_IsWhatWritingThemTakes()
    {
        foreach (string text in (string[])["", "a", "a ", "a,", "a.", "a. ", "a.\""])
        {
            TextCounts counts = default;
            TextScanner place = Scan(text, ref counts);
            for (int words = 0; words < 4; words++)
            {
                for (int sentences = 0; sentences < 3; sentences++)
                {
                    int length = place.BytesToBegin(words, sentences);
                    string fill = string.Concat(Enumerable.Repeat(". a", sentences)) + string.Concat(Enumerable.Repeat(" a", Math.Max(0, words - sentences)));
                    TextCounts total = Count(text + fill[(fill.Length - length)..]);
                    Assert.True(total.Words >= counts.Words + words && total.Sentences >= counts.Sentences + sentences, $"'{text}' {words} {sentences}");
                }
            }
        }
    }

    private static TextCounts Count(string text)
    {
        TextCounts counts = default;
        Scan(text, ref counts);
        return counts;
    }

    private static TextScanner Scan(string text, ref TextCounts counts)
    {
        TextScanner place = default;
        foreach (byte value in Encoding.UTF8.GetBytes(text))
        {
            place = place.Advance(value, ref counts);
        }

        return place;
    }
}

/// <summary>Words and sentences by their definitions, over whole texts.</summary>
internal static class LengthReference
{
    public static int Words(string text) => Pattern.Count(PhraseReference.Flatten(text), @"[\p{L}\p{M}\p{N}]+");

    /// <summary>Sentences are what stands between their ends, if there is a word.</summary>
    public static int Sentences(string text) =>
        Pattern.Split(PhraseReference.Flatten(text), """[。！？｡]|[.!?…][.!?…"'\p{Pe}\p{Pf}]*(?=\s)""").Count(static part => Pattern.IsMatch(part, @"[\p{L}\p{M}\p{N}]"));
}
