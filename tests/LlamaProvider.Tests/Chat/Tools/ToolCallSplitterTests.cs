using LlamaProvider.Chat.Tools;

namespace LlamaProvider.Tests.Chat.Tools;

public sealed class ToolCallSplitterTests
{
    private static readonly ToolRequest Request = new(
        [new ToolDeclaration("sum", "", System.Text.Json.JsonElement.Parse("""{"properties":{"a":{"type":"integer"}}}"""))], IsRequired: false, AllowsSeveral: true);

    private static readonly string Call = "<tool_call>\n{\"name\": \"sum\", \"arguments\": {\"a\": 1}}\n</tool_call>";

    [Theory]
    [InlineData("Just text.", "Just text.", 0)]
    [InlineData("a < b and a <t", "a < b and a <t", 0)]
    [InlineData("space at the end ", "space at the end ", 0)]
    [InlineData("Let me see.\n\nCALL", "Let me see.", 1)]
    [InlineData("CALL", "", 1)]
    [InlineData("CALL\nCALL", "", 2)]
    [InlineData("Hm <tool_call>\n{\"name\": \"sum\", \"argum", "Hm", 0)]
    [InlineData("CALL\n<tool_call>\n{\"name\": \"su", "", 1)]
    public void Append_InPiecesOfAnySize_TextAndCallsAreTheSame(string pattern, string text, int count)
    {
        string answer = pattern.Replace("CALL", Call, StringComparison.Ordinal);
        foreach (int size in (int[])[1, 2, 3, 5, 1000])
        {
            var splitter = new ToolCallSplitter(KnownToolFormats.All[KnownToolFormats.Generic], Request);
            var calls = new List<ToolCall>();
            string shown = string.Concat(answer.Chunk(size).Select(piece => splitter.Append(new string(piece)))) + splitter.Complete(calls);

            Assert.Equal(text, shown);
            Assert.Equal(count, calls.Count);
            Assert.All(calls, call => Assert.Equal(("sum", "{\"a\": 1}"), (call.Name, call.Arguments.GetRawText())));
        }
    }

    [Fact]
    public void Append_TextThatCannotBecomeACall_IsNotHeldBack()
    {
        var splitter = new ToolCallSplitter(KnownToolFormats.All[KnownToolFormats.Generic], Request);

        Assert.Equal("a", splitter.Append("a"));
        Assert.Equal("", splitter.Append(" "));
        Assert.Equal(" b", splitter.Append("b"));
        Assert.Equal("", splitter.Append("<tool"));
        Assert.Equal("<tools", splitter.Append("s"));
    }

    [Theory]
    [InlineData("{\"name\": \"sum\", \"parameters\": {\"a\": 1}}", "", 1)]
    [InlineData("The JSON is {\"name\": \"sum\", \"parameters\": {\"a\": 1}}", "The JSON is {\"name\": \"sum\", \"parameters\": {\"a\": 1}}", 0)]
    [InlineData("{\"nam", "{\"nam", 0)]
    [InlineData("{}", "{}", 0)]
    public void Append_FormatWithoutAMark_ACallIsWhatTheAnswerBeginsWith(string answer, string text, int count)
    {
        foreach (int size in (int[])[1, 3, 1000])
        {
            var splitter = new ToolCallSplitter(KnownToolFormats.All["llama3"], Request);
            var calls = new List<ToolCall>();
            string shown = string.Concat(answer.Chunk(size).Select(piece => splitter.Append(new string(piece)))) + splitter.Complete(calls);

            Assert.Equal((text, count), (shown, calls.Count));
        }
    }

    [Theory]
    [InlineData("{\"a\": \"<tool_call>\"}", "{\"a\": \"<tool_call>\"}", 0)]
    [InlineData("CALL", "", 1)]
    [InlineData("<to", "<to", 0)]
    public void Append_CallsFirstOrNowhere_AMarkWithinTheAnswerIsText(string pattern, string text, int count)
    {
        foreach (int size in (int[])[1, 4, 1000])
        {
            var splitter = new ToolCallSplitter(KnownToolFormats.All[KnownToolFormats.Generic], Request, isCallFirst: true);
            var calls = new List<ToolCall>();
            string answer = pattern.Replace("CALL", Call, StringComparison.Ordinal);
            string shown = string.Concat(answer.Chunk(size).Select(piece => splitter.Append(new string(piece)))) + splitter.Complete(calls);

            Assert.Equal((text, count), (shown, calls.Count));
        }
    }
}
