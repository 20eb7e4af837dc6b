using System.Text;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling.Ranking;
using LlamaProvider.Decoding.Strategies.Guidance;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Strategies.Guidance;

public sealed class AnswerSpellingTests
{
    private static readonly Vocabulary Vocabulary = ScriptedVocabulary.Bytes(" joy");

    [Theory]
    [InlineData("a🦙é")]
    [InlineData("中文 text")]
    [InlineData("")]
    public void Spell_ByteByByte_ShowsWholeCharactersOnly(string text)
    {
        int[] tokens = [.. Encoding.UTF8.GetBytes(text).Select(value => 2 + value)];
        var spelling = new AnswerSpelling(Vocabulary);
        for (int length = 0; length <= tokens.Length; length++)
        {
            int next = length < tokens.Length ? tokens[length] : 258;
            TokenGuideRequest request = spelling.Spell(tokens.AsSpan(0, length), [new RankedToken(0, -2, 0, 0), new RankedToken(next, -1, 0, 0)]);

            Assert.Equal(Whole(tokens[..length]), request.Text);
            Assert.Equal(new TokenContinuation(0, "", IsEnd: true, -2), request.Continuations[0]);
            Assert.Equal(length < tokens.Length ? Whole(tokens[..(length + 1)]) : text + " joy", request.TextWith(request.Continuations[1]));
        }
    }

    [Fact]
    public void Spell_BytesThatAreNoText_AreReplacedAndDoNotWaitForever()
    {
        var spelling = new AnswerSpelling(Vocabulary);

        TokenGuideRequest request = spelling.Spell([2 + 0x80, 2 + 0xFF, 2 + 'a'], [new RankedToken(2 + 'b', -1, 0, 0)]);

        Assert.EndsWith("a", request.Text, StringComparison.Ordinal);
        Assert.Equal(request.Text + "b", request.TextWith(request.Continuations[0]));
    }

    private static string Whole(int[] tokens) => Encoding.UTF8.GetString([.. tokens.Select(token => (byte)(token - 2))]).TrimEnd('\uFFFD');
}
