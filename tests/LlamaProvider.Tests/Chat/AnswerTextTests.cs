using System.Text;
using CsCheck;
using LlamaProvider.Chat;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Stopping;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Tests.Chat;

public sealed class AnswerTextTests
{
    private static readonly string[] Alphabet = ["a", "b", "E", "€", "🦙"];
    private static readonly Vocabulary Bytes = ScriptedVocabulary.Bytes();

    [Fact]
    public void Append_CharacterSplitAcrossTokens_IsHeldBackUntilWhole()
    {
        AnswerText text = Create();

        Assert.Equal(["a", "", "", "€", "", "", "", "🦙"], "a€🦙".EnumerateRunes().SelectMany(r => Tokens(r.ToString())).Select(t => text.Append([t])));
        Assert.Equal("", text.Complete());
        Assert.Equal(8, text.TokenCount);
    }

    [Fact]
    public void Complete_CharacterNeverWhole_ShowsReplacement()
    {
        AnswerText text = Create();

        Assert.Equal("a", text.Append([.. Tokens("a"), .. Tokens("€").Take(2)]));
        Assert.Equal("\uFFFD", text.Complete());
    }

    [Fact]
    public void Append_BytesThatAreNoUtf8_ShowReplacementAndGoOn()
    {
        AnswerText text = Create();

        Assert.Equal("\uFFFDb", text.Append([2 + 0xFF, .. Tokens("b")]));
    }

    [Fact]
    public void Append_StopAcrossTokens_IsCutOffAndNothingFollows()
    {
        AnswerText text = Create("END");

        Assert.Equal("abc", text.Append(Tokens("abcE")));
        Assert.Equal("", text.Append(Tokens("N")));
        Assert.Equal("", text.Append(Tokens("Dxyz")));
        Assert.Equal("", text.Complete());
        Assert.Equal(6, text.TokenCount);
    }

    [Fact]
    public void Append_BeginningOfStopThatDoesNotGoOn_IsReleased()
    {
        AnswerText text = Create("END");

        Assert.Equal("", text.Append(Tokens("EN")));
        Assert.Equal("ENX", text.Append(Tokens("X")));
        Assert.Equal("", text.Append(Tokens("E")));
        Assert.Equal("E", text.Complete());
    }

    [Fact]
    public void Append_ControlTokens_AreNotText()
    {
        AnswerText text = Create();

        Assert.Equal("ab", text.Append([.. Tokens("a"), 1, .. Tokens("b")]));
        Assert.Equal(3, text.TokenCount);
    }

    /// <summary>However the tokens arrive, the pieces make up the text before the first stop, and no piece ends inside a character.</summary>
    [Fact]
    public void Append_AnyTextInAnyPieces_IsTheTextBeforeTheFirstStop() =>
        Gen.Select(Gen.Int[0, 4].Array[0, 30].Select(x => string.Concat(x.Select(i => Alphabet[i]))), Gen.Int[1, 5], Gen.Int[0, 3].Array[1, 3].Select(x => string.Concat(x.Select(i => Alphabet[i]))).Array[0, 3]).Sample((answer, piece, stops) =>
        {
            AnswerText text = Create(stops);
            var shown = new StringBuilder();
            foreach (int[] chunk in Tokens(answer).Chunk(piece))
            {
                string part = text.Append(chunk);
                Assert.DoesNotContain('\uFFFD', part);
                shown.Append(part);
            }

            shown.Append(text.Complete());
            Assert.Equal(answer[..FirstStop(answer, stops)], shown.ToString());
        });

    private static int FirstStop(string answer, string[] stops)
    {
        // The first stop to be complete counts; of those that end together the longest.
        for (int end = 1; end <= answer.Length; end++)
        {
            string[] found = [.. stops.Where(stop => answer[..end].EndsWith(stop, StringComparison.Ordinal))];
            if (found.Length > 0)
            {
                return end - found.Max(stop => stop.Length);
            }
        }

        return answer.Length;
    }

    private static AnswerText Create(params string[] stops) => new(Bytes, new StopSequences(stops));

    private static int[] Tokens(string text) => [.. Encoding.UTF8.GetBytes(text).Select(value => 2 + value)];
}
