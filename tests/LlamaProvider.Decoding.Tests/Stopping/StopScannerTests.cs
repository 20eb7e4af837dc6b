using LlamaProvider.Decoding.Reasoning;
using LlamaProvider.Decoding.Stopping;
using LlamaProvider.Decoding.Tests.Reasoning;

namespace LlamaProvider.Decoding.Tests.Stopping;

public sealed class StopScannerTests
{
    [Theory]
    [InlineData("a.b", "a.")]
    [InlineData("<think>a. b</think>\n\nc.d", "<think>a. b</think>\n\nc.")]
    [InlineData("<think>a.", null)]
    [InlineData("<th.x", "<th.")]
    [InlineData("<think>a.</think>", null)]
    [InlineData("<think>a</think>\n.", "<think>a</think>\n.")]
    public void Accept_Tags_FindsAStopInTheAnswerOnly(string text, string? upTo) =>
        Assert.Equal(upTo, ScannedUpTo(ReasoningRun.Think(ReasoningPhase.Start), text, "."));

    [Theory]
    [InlineData("<thx", "<thx")]
    [InlineData("<think>a</think>", null)]
    [InlineData("<think>a</think>b<th", "<think>a</think>b<th")]
    public void Accept_StopThatBeginsAMark_CountsOnceItIsNone(string text, string? upTo) =>
        Assert.Equal(upTo, ScannedUpTo(ReasoningRun.Think(ReasoningPhase.Start), text, "<th"));

    [Theory]
    [InlineData("<turn>say:bot", "<turn>say:bot")]
    [InlineData("<turn>think:bot<turn>bot<turn>say:x", null)]
    [InlineData("<turn>think:bot<turn>bot<turn>say:xbot", "<turn>think:bot<turn>bot<turn>say:xbot")]
    public void Accept_StopInsideAMark_IsNone(string text, string? upTo) => Assert.Equal(upTo, ScannedUpTo(ReasoningRun.Channels, text, "bot"));

    [Theory]
    [InlineData("\n\nb", "\n\n")]
    [InlineData("<think>a</think>\n\nb", null)]
    [InlineData("<think>a</think>\n\nb\n\n", "<think>a</think>\n\nb\n\n")]
    public void Accept_WhiteSpaceBesideAMark_IsNoStop(string text, string? upTo)
    {
        string? found = ScannedUpTo(ReasoningRun.Think(ReasoningPhase.Start), text, "\n\n");

        // Where a mark may still follow, a stop counts when the next byte shows that none does.
        Assert.Equal(upTo is "\n\n" ? "\n\nb" : upTo, found);
    }

    [Fact]
    public void Accept_WithoutReasoning_CountsEverywhere() => Assert.Equal("<think>a.", ScannedUpTo(null, "<think>a.b", "."));

    private static string? ScannedUpTo(ReasoningTokens? reasoning, string text, string stop)
    {
        var scanner = new StopScanner(ReasoningRun.Bytes, new StopSequences([stop]), reasoning);
        int[] tokens = ReasoningRun.Tokens(text);
        for (int index = 0; index < tokens.Length; index++)
        {
            if (scanner.Accept(tokens[index]))
            {
                return string.Concat(tokens[..(index + 1)].Select(ReasoningRun.Bytes.GetText));
            }
        }

        return null;
    }
}
