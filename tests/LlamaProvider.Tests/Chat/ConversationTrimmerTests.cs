using LlamaProvider.Chat;
using LlamaProvider.Chat.Messages;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Chat;

public sealed class ConversationTrimmerTests
{
    private static readonly ChatMessage Result = new(ChatRole.Tool, [new FunctionResultContent("c1", "r")]);
    private static readonly ChatMessage Call = new(ChatRole.Assistant, [new FunctionCallContent("c1", "f")]);

    /// <summary>A message is a letter here: its own for text, C for a call, R for its result; and one token.</summary>
    public static TheoryData<ChatMessage[], int, string> Conversations { get; } = new()
    {
        { [System("s"), User("a"), Said("b"), User("c"), Said("d"), User("e")], 9, "sabcde" },
        { [System("s"), User("a"), Said("b"), User("c"), Said("d"), User("e")], 5, "scde" },
        { [System("s"), User("a"), Said("b"), User("c"), Said("d"), User("e")], 1, "se" },
        { [User("a"), Call, Result, Said("b"), User("c")], 4, "c" },
        { [User("a"), Call, User("b"), Result, User("c"), Said("d"), User("e")], 6, "cde" },
        { [User("a"), Call, new(ChatRole.User, [new FunctionResultContent("c1", "r")]), User("c"), User("e")], 4, "ce" },
        { [User("a"), Call, User("b"), Result], 2, "aCbR" },
        { [new(new ChatRole("developer"), "s"), User("a"), User("b")], 2, "sb" },
    };

    [Theory]
    [MemberData(nameof(Conversations), DisableDiscoveryEnumeration = true)]
    public void BuildWithin_Limit_LeavesWholeTurnsOut_AndNoResultWithoutItsCall(ChatMessage[] messages, int limit, string expected)
    {
        ConversationTrimmer.BuildWithin(
            PromptRequest.Create(messages, null), limit, request => [.. request.Messages.Select((_, index) => index)], out PromptRequest kept);

        Assert.Equal(expected, string.Concat(kept.Messages.SelectMany(message => message.Contents).Select(content =>
            content switch { FunctionCallContent => "C", FunctionResultContent => "R", _ => content.ToString() })));
        Assert.Equal(messages.Where(kept.Messages.Contains), kept.Messages);
    }

    private static ChatMessage System(string text) => new(ChatRole.System, text);

    private static ChatMessage User(string text) => new(ChatRole.User, text);

    private static ChatMessage Said(string text) => new(ChatRole.Assistant, text);
}
