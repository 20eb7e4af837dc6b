using System.Collections.Frozen;
using System.Text;
using CsCheck;
using LlamaProvider.Chat;
using LlamaProvider.Chat.Reasoning;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Reasoning;
using LlamaProvider.Decoding.Stopping;
using LlamaProvider.TestSupport.Scripted;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Chat.Reasoning;

public sealed class ReasoningSplitterTests
{
    private static readonly string[] Parts = ["<think>", "</think>", "a", " ", "\n", "<", "</", "think>", "é", "🦙"];
    private static readonly Vocabulary Bytes = ScriptedVocabulary.Bytes("<think>", "</think>\n\n", "</", "a<", "think>b");

    [Fact]
    public void Append_Streaming_HoldsBackNoMoreThanAPossibleMarkAndWhiteSpace()
    {
        AnswerReader reader = Create(ReasoningPhase.Start);

        string[] written = ["\n", "<think>", "a", " ", "\n", "b", "</", "x", "</think>", "\n", "<", "t"];
        Assert.Equal(["", "", "R:a", "", "", "R: \nb", "", "R:</x", "", "", "", ""], written.Select(text => Text(reader, text)));
        Assert.Equal("T:<tx", Text(reader, "x"));
    }

    [Fact]
    public void Append_MoreReasoningFollows_IsALineOfItsOwn() =>
        Assert.Equal("R:a\nb|T:c", Whole("<think>a</think>\n<think>b</think>c", ReasoningPhase.Start));

    [Theory]
    [InlineData("<thi", "T:<thi")]
    [InlineData("<think>a</thi", "R:a</thi")]
    [InlineData("<think>a</think>\n<thi", "R:a|T:<thi")]
    [InlineData("<think>a \n", "R:a")]
    [InlineData("<think> \n</think>", "")]
    [InlineData("  b", "T:  b")]
    public void Complete_MarkIsUnfinished_IsText(string text, string expected) => Assert.Equal(expected, Whole(text, ReasoningPhase.Start));

    [Fact]
    public void Append_HoweverTokensFall_GivesTheSame() =>
        Gen.Select(Gen.Int[0, Parts.Length - 1].Array[0, 12], Gen.Bool).Sample((choices, opened) =>
        {
            string[] parts = [.. choices.Select(choice => Parts[choice])];
            ReasoningPhase first = opened ? ReasoningPhase.Reasoning : ReasoningPhase.Start;
            string text = string.Concat(parts);
            AnswerReader reader = Create(first);
            var pieces = new List<AIContent>();
            Array.ForEach(parts, part => reader.Append(Tokens(part), pieces));
            reader.Complete(pieces);
            return Join(pieces) == Whole(text, first);
        });

    private static AnswerReader Create(ReasoningPhase first)
    {
        var stops = new StopSequences([]);
        var marks = new ReasoningTokens(Bytes, new ReasoningMarks(first, ["<think>"], [], "</think>", ["<think>"], []), FrozenSet<int>.Empty);
        var answer = new AnswerText(Bytes, stops);
        return new AnswerReader(answer, tools: null, new ReasoningReader(Bytes, stops, marks, answer, isReturned: true));
    }

    private static string Whole(string text, ReasoningPhase first)
    {
        AnswerReader reader = Create(first);
        var pieces = new List<AIContent>();
        reader.Append([.. Encoding.UTF8.GetBytes(text).Select(value => 2 + value)], pieces);
        reader.Complete(pieces);
        return Join(pieces);
    }

    private static string Text(AnswerReader reader, string text)
    {
        var pieces = new List<AIContent>();
        reader.Append(Tokens(text), pieces);
        return Join(pieces);
    }

    private static string Join(List<AIContent> pieces)
    {
        string reasoning = string.Concat(pieces.OfType<TextReasoningContent>().Select(piece => piece.Text));
        string text = string.Concat(pieces.OfType<TextContent>().Select(piece => piece.Text));
        return string.Join('|', new[] { "R:" + reasoning, "T:" + text }.Where(part => part.Length > 2));
    }

    private static List<int> Tokens(string text)
    {
        var tokens = new List<int>();
        new ScriptedModel(Bytes, (_, _) => { }).Tokenizer.EncodeText(Encoding.UTF8.GetBytes(text), tokens);
        return tokens;
    }
}
