using System.Text.Json;
using LlamaProvider.Chat.Messages;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Chat.Messages;

public sealed class ResultTextTests
{
    public static TheoryData<object?, Exception?, string> Results { get; } = new()
    {
        { "as \"it\" is", null, "as \"it\" is" },
        { null, null, "" },
        { null, new InvalidOperationException("password=1"), "Error: Function failed." },
        { "Error: not found", new InvalidOperationException("password=1"), "Error: not found" },
        { JsonElement.Parse("\"a \\u00fc\""), null, "a ü" },
        { JsonElement.Parse("""{"a": "\u00fc"}"""), null, """{"a":"ü"}""" },
        { new { city = "Zürich\n🦙\u0001\ud800<\"", list = new[] { 1, 2 } }, null, """{"city":"Zürich\n🦙\u0001\ufffd<\"","list":[1,2]}""" },
        { 12.5, null, "12.5" },
        { true, null, "true" },
        { new TextContent("text"), null, "text" },
        { new AIContent[] { new TextContent("a"), new DataContent("text b"u8.ToArray(), "text/plain") }, null, "atext b" },
    };

    [Theory]
    [MemberData(nameof(Results), DisableDiscoveryEnumeration = true)]
    public void Write_AnyResult_IsWhatTheModelReads(object? result, Exception? exception, string expected)
    {
        var message = new ChatMessage(ChatRole.Tool, [new FunctionResultContent("c1", result) { Exception = exception }]);

        Assert.Equal(expected, ResultText.Write((FunctionResultContent)message.Contents[0], "f", new ContentPlace(message, 0, 0)));
    }
}
