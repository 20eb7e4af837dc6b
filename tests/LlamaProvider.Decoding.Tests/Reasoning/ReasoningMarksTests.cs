using LlamaProvider.Decoding.Reasoning;

namespace LlamaProvider.Decoding.Tests.Reasoning;

public sealed class ReasoningMarksTests
{
    [Theory]
    [InlineData(" \n<thin", ReasoningPhase.Start)]
    [InlineData(" \n<think>", ReasoningPhase.Reasoning)]
    [InlineData("<this", ReasoningPhase.Answer)]
    [InlineData("< think>", ReasoningPhase.Answer)]
    [InlineData("<think>a</think", ReasoningPhase.Reasoning)]
    [InlineData("<think>a</</think>", ReasoningPhase.Gap)]
    [InlineData("<think>a</think>\n\n", ReasoningPhase.Gap)]
    [InlineData("<think>a</think>\nb", ReasoningPhase.Answer)]
    [InlineData("<think>a</think>\n<think>b", ReasoningPhase.Reasoning)]
    [InlineData("a<think>", ReasoningPhase.Answer)]
    public void Advance_Tags_GivesThePhase(string text, ReasoningPhase phase) =>
        Assert.Equal(phase, ReasoningRun.Advance(ReasoningRun.Think(ReasoningPhase.Start), text).Phase);

    [Theory]
    [InlineData("<turn>say:x", ReasoningPhase.Answer, 1)]
    [InlineData("<turn>call:x", ReasoningPhase.Answer, 0)]
    [InlineData("<turn>think:x", ReasoningPhase.Reasoning, 0)]
    [InlineData("<turn>think:x<turn>", ReasoningPhase.Gap, 0)]
    [InlineData("<turn>think:x<turn>bot<turn>think:", ReasoningPhase.Reasoning, 0)]
    [InlineData("<turn>think:x<turn>bot<turn>say:", ReasoningPhase.Answer, 1)]
    [InlineData("<turn>think:x<turn>bot<turn>call:", ReasoningPhase.Answer, 0)]
    public void Advance_ControlTokens_ArePartOfMarks(string text, ReasoningPhase phase, int node) =>
        Assert.Equal(new ReasoningPlace(phase, node), ReasoningRun.Advance(ReasoningRun.Channels, text));

    [Fact]
    public void BytesOf_ControlToken_IsNothingInTheAnswerOrWhenNoMarkHasIt()
    {
        Assert.Equal("<turn>"u8.ToArray(), ReasoningRun.Channels.BytesOf(new ReasoningPlace(ReasoningPhase.Reasoning, 0), 1).ToArray());
        Assert.Empty(ReasoningRun.Channels.BytesOf(new ReasoningPlace(ReasoningPhase.Answer, 0), 1).ToArray());
        Assert.Empty(ReasoningRun.Think(ReasoningPhase.Start).BytesOf(new ReasoningPlace(ReasoningPhase.Start, 0), 1).ToArray());
    }
}
