using LlamaProvider.Chat;
using LlamaProvider.Options;
using LlamaProvider.TestSupport.Scripted;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Chat;

public sealed class ChatMessagesTests
{
    private static readonly ChatPromptBuilder Builder = new(
        ScriptedModel.Answering(ScriptedVocabulary.Bytes(), _ => ""), template: null, TimeProvider.System);

    public static TheoryData<ChatMessage, string> Refused { get; } = new()
    {
        { new(ChatRole.Tool, "x"), "Message 1 has the role 'tool', but only system, user and assistant are supported. Leave the message out or change its role." },
        { new(new ChatRole("critic"), "x"), "Message 1 has the role 'critic', but only system, user and assistant are supported. Leave the message out or change its role." },
        { new(ChatRole.User, [new DataContent("data:image/png;base64,AAAA")]), "Message 1 (user) holds DataContent, but only text is supported. Leave the content out or describe it in words." },
        { new(ChatRole.Assistant, [new FunctionCallContent("1", "f")]), "Message 1 (assistant) holds FunctionCallContent, but only text is supported. Leave the content out or describe it in words." },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void Render_WhatIsNotText_IsRefusedByTypeAndIndex(ChatMessage message, string expected) => Assert.Equal(
        expected, Assert.Throws<OptionNotSupportedException>(() => Builder.Render([new(ChatRole.User, "a"), message], null)).Message);

    [Fact]
    public void Render_NoMessages_IsRefused() => Assert.Equal(
        "The conversation has no message, so there is nothing to answer. Add at least one.",
        Assert.Throws<OptionNotSupportedException>(() => Builder.Render([], null)).Message);

    [Fact]
    public void Render_SeveralTextParts_AreJoinedAndUsageIsLeftOut()
    {
        ChatMessage message = new(ChatRole.User, [new TextContent("a"), new UsageContent(new UsageDetails()), new TextContent("b")]);

        Assert.Equal("<turn>user:ab<turn>", Builder.Render([message], null).Text);
    }

    [Fact]
    public void Render_EmptyContent_IsAnEmptyTurn() =>
        Assert.Equal("<turn>user:<turn>", Builder.Render([new(ChatRole.User, [])], null).Text);

    [Fact]
    public void Build_TemplateGivesNothing_IsRefused()
    {
        var empty = new ChatPromptBuilder(ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes()), "{# nothing #}", TimeProvider.System);

        Assert.Equal(
            "The chat template rendered this conversation to an empty prompt, but a model needs at least one token. Add a message with text.",
            Assert.Throws<OptionNotSupportedException>(() => empty.Build([new(ChatRole.User, "a")], null)).Message);
    }
}
