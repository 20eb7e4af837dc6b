using LlamaProvider.Chat.Messages;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Chat.Messages;

/// <summary>What cannot be a part of a prompt is refused by its place and kind.</summary>
public sealed class RefusedContentTests
{
    private const string TextOnly = ", but this model takes text only. Leave it out or describe it in words.";

    public static TheoryData<string, AIContent, string> Contents { get; } = new()
    {
        { "user", new DataContent("data:image/png;base64,AAAA"), $"Message 1 (user), content 1 is image/png data{TextOnly}" },
        { "user", new DataContent("data:application/pdf;base64,AAAA"), $"Message 1 (user), content 1 is application/pdf data{TextOnly}" },
        { "user", new DataContent(new byte[] { 0xff }, "text/plain"), "Message 1 (user), content 1 is text/plain data, but not UTF-8. Convert it, or give it as text." },
        { "user", new UriContent("https://example.org/a.wav", "audio/wav"), $"Message 1 (user), content 1 is audio/wav at an address{TextOnly}" },
        {
            "user", new HostedFileContent("f1"),
            "Message 1 (user), content 1 is a HostedFileContent, but a model in this process takes text, reasoning, function calls and function results only. Leave it out or describe it in words."
        },
        {
            "assistant", new Custom(),
            "Message 1 (assistant), content 1 is a Custom, but a model in this process takes text, reasoning, function calls and function results only. Leave it out or describe it in words."
        },
        {
            "user", new TextReasoningContent("hm"),
            "Message 1 (user), content 1 is reasoning, but only the assistant's reasoning has a place in a prompt. Change the message's role to assistant, or give it as text."
        },
        { "user", new FunctionCallContent("c", "f"), "Message 1 (user), content 1 calls the function 'f', but only the assistant calls functions. Change the message's role to assistant." },
        {
            "tool", new FunctionResultContent("c9", "x"),
            "Message 1 (tool), content 1 is the result of the call 'c9', but no message before it makes a call with this id. Add the assistant's message with the call, or leave the result out."
        },
        { "tool", new FunctionResultContent("c1", new DataContent("data:image/png;base64,AAAA")), $"Message 1 (tool), content 1 is image/png data{TextOnly}" },
        {
            "tool", new FunctionResultContent("c1", new UriContent("https://example.org/", "text/html")),
            $"Message 1 (tool), content 1 is a result that holds a UriContent{TextOnly}"
        },
        {
            "tool", new FunctionResultContent("c1", new Node()),
            "Message 1 (tool), content 1 is the result of the function 'look', a Node, which has no JSON: it holds itself, or nests deeper than 64 levels. Return JSON, plain values or text."
        },
    };

    [Theory]
    [MemberData(nameof(Contents), DisableDiscoveryEnumeration = true)]
    public void Read_ContentWithoutAPlace_IsRefusedByIt(string role, AIContent content, string expected)
    {
        var error = Assert.Throws<ChatMessageException>(() => Read(new ChatMessage(new ChatRole(role), [new TextContent("x"), content])));

        Assert.Equal((expected, 1, 1), (error.Message, error.MessageIndex, error.ContentIndex));
    }

    [Theory]
    [InlineData("tool", "Message 1 has the role 'tool', but holds no function result. Give it a FunctionResultContent, or change its role.")]
    [InlineData("critic", "Message 1 has the role 'critic', but only system, developer, user, assistant and tool are supported. Leave the message out or change its role.")]
    public void Read_RoleWithoutAPlace_IsRefused(string role, string expected)
    {
        var error = Assert.Throws<ChatMessageException>(() => Read(new ChatMessage(new ChatRole(role), "x")));

        Assert.Equal((expected, 1, null), (error.Message, error.MessageIndex, error.ContentIndex));
    }

    public static TheoryData<object, string> BadArguments { get; } = new()
    {
        { new Node(), "a Node at '/a~1b', which has no JSON: it holds itself, or nests deeper than 64 levels." },
        { new Dictionary<string, object?> { ["self"] = new Node() }, "a Dictionary`2 at '/a~1b', which has no JSON: it holds itself, or nests deeper than 64 levels." },
        { typeof(string), "a RuntimeType at '/a~1b', which has no JSON: its type cannot be written." },
    };

    [Theory]
    [MemberData(nameof(BadArguments), DisableDiscoveryEnumeration = true)]
    public void Read_ArgumentWithoutJson_NamesTheToolAndThePointer(object value, string expected)
    {
        var call = new FunctionCallContent("c2", "save", new Dictionary<string, object?> { ["good"] = 1, ["a/b"] = value });

        var error = Assert.Throws<ChatMessageException>(() => Read(new ChatMessage(ChatRole.Assistant, [call])));

        Assert.Equal($"Message 1 (assistant), content 0 calls the function 'save' with {expected} Give JSON or plain values.", error.Message);
        Assert.Equal("/a~1b", error.Pointer);
    }

    private static void Read(ChatMessage message) => MessageReader.Read([new(ChatRole.Assistant, [new FunctionCallContent("c1", "look")]), message]);

    private sealed class Custom : AIContent;

    private sealed class Node
    {
        public Node Self => this;
    }
}
