using LlamaProvider.Decoding.Reasoning;

namespace LlamaProvider.Decoding.Tests.Reasoning;

public sealed class ReasoningMarksTests
{
    [Theory]
    [InlineData(" \n<thin", nameof(ReasoningPhase.Start))]
    [InlineData(" \n<think>", nameof(ReasoningPhase.Reasoning))]
    [InlineData("<this", nameof(ReasoningPhase.Answer))]
    [InlineData("< think>", nameof(ReasoningPhase.Answer))]
    [InlineData("<think>a</think", nameof(ReasoningPhase.Reasoning))]
    [InlineData("<think>a</</think>", nameof(ReasoningPhase.Gap))]
    [InlineData("<think>a</think>\n\n", nameof(ReasoningPhase.Gap))]
    [InlineData("<think>a</think>\nb", nameof(ReasoningPhase.Answer))]
    [InlineData("<think>a</think>\n<think>b", nameof(ReasoningPhase.Reasoning))]
    [InlineData("a<think>", nameof(ReasoningPhase.Answer))]
    public void Advance_Tags_GivesThePhase(string text, string phase) =>
        Assert.Equal(phase, ReasoningRun.Advance(ReasoningRun.Think(ReasoningPhase.Start), text).Phase.ToString());

    [Theory]
    [InlineData("<turn>say:x", nameof(ReasoningPhase.Answer), 1)]
    [InlineData("<turn>call:x", nameof(ReasoningPhase.Answer), 0)]
    [InlineData("<turn>think:x", nameof(ReasoningPhase.Reasoning), 0)]
    [InlineData("<turn>think:x<turn>", nameof(ReasoningPhase.Gap), 0)]
    [InlineData("<turn>think:x<turn>bot<turn>think:", nameof(ReasoningPhase.Reasoning), 0)]
    [InlineData("<turn>think:x<turn>bot<turn>say:", nameof(ReasoningPhase.Answer), 1)]
    [InlineData("<turn>think:x<turn>bot<turn>call:", nameof(ReasoningPhase.Answer), 0)]
    public void Advance_ControlTokens_ArePartOfMarks(string text, string phase, int node) =>
        Assert.Equal(new ReasoningPlace(Enum.Parse<ReasoningPhase>(phase), node), ReasoningRun.Advance(ReasoningRun.Channels, text));

    [Fact]
    public void BytesOf_ControlToken_IsNothingInTheAnswerOrWhenNoMarkHasIt()
    {
        Assert.Equal("<turn>"u8.ToArray(), ReasoningRun.Channels.BytesOf(new ReasoningPlace(ReasoningPhase.Reasoning, 0), 1).ToArray());
        Assert.Empty(ReasoningRun.Channels.BytesOf(new ReasoningPlace(ReasoningPhase.Answer, 0), 1).ToArray());
        Assert.Empty(ReasoningRun.Think(ReasoningPhase.Start).BytesOf(new ReasoningPlace(ReasoningPhase.Start, 0), 1).ToArray());
    }
}
