using AgentConsole.Input;
using AgentConsole.Tools;
using Microsoft.Extensions.AI;

namespace AgentConsole.Tests.Tools;

/// <summary>Calls of tools in a conversation.</summary>
public class ToolCallTests
{
    // A new one each time: whoever makes the call marks it as made.
    private static ScriptedAnswer Call => ScriptedAnswer.Of("Let me see.") with
    {
        Calls = [new FunctionCallContent("1", "add", new Dictionary<string, object?> { ["a"] = 1, ["b"] = 2 })],
        FinishReason = ChatFinishReason.ToolCalls,
    };

    [Fact]
    public async Task Call_NeedsNoApproval_IsShownDoneAndRemembered()
    {
        await using ToolSet tools = await CreateAsync(ApprovalRule.Mcp);
        using var chat = new ChatHarness(tools, Call, ScriptedAnswer.Of("It is 3."), ScriptedAnswer.Of("Bye."));

        string output = await chat.TypeAsync("1 + 2?", "Thanks.");

        Assert.Contains("Let me see.\n→ add(a: 1, b: 2)\n← 3\nIt is 3.\n", output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Equal(["user", "assistant", "tool", "assistant", "user"], chat.Client.LastMessages.Select(message => message.Role.Value));
        Assert.Equal(("1 + 2?", "It is 3."), (chat.Session.Conversation.Turns[0].Question, chat.Session.Conversation.Turns[0].Answer));
    }

    [Theory]
    [InlineData("y", "3")]
    [InlineData("no", "The user did not allow this call.")]
    [InlineData("", "The user did not allow this call.")]
    public async Task Call_NeedsApproval_WaitsForIt(string answer, string result)
    {
        await using ToolSet tools = await CreateAsync(ApprovalRule.All);
        using var chat = new ChatHarness(tools, Call, ScriptedAnswer.Of("Done."));

        string output = await chat.TypeAsync("1 + 2?", answer);

        Assert.Contains("May add be called? y = yes, a = always, anything else = no", output, StringComparison.Ordinal);
        Assert.Contains($"← {result}", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_AllowedAlways_IsAskedOnce()
    {
        await using ToolSet tools = await CreateAsync(ApprovalRule.All);
        var approval = new Approval(new ChatView(new Spectre.Console.Testing.TestConsole()), new OneLine("a"));

        Assert.True(await approval.AskAsync("add", CancellationToken.None));
        Assert.True(await approval.AskAsync("add", CancellationToken.None));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await approval.AskAsync("divide", CancellationToken.None));
    }

    [Fact]
    public async Task Call_NobodyToAsk_IsRefusedAndSaid()
    {
        await using ToolSet tools = await CreateAsync(ApprovalRule.All);
        using var client = new ScriptedChatClient(Call, ScriptedAnswer.Of("Well."));
        var refused = new List<string>();
        IChatClient agent = new ToolCaller(tools, approve: null, refused.Add).Wrap(client);

        ChatResponse response = await agent.GetStreamingResponseAsync("1 + 2?", new ChatOptions { Tools = [.. tools.Functions] }).ToChatResponseAsync();

        Assert.Equal(["add was not called: it needs approval, and there is nobody to ask. --approve none allows every call."], refused);
        Assert.Equal("The user could not be asked to allow this call.", response.Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().Single().Result?.ToString());
    }

    [Fact]
    public async Task SavedConversation_WithCalls_GoesOnWithThem()
    {
        await using ToolSet tools = await CreateAsync(ApprovalRule.Mcp);
        using var chat = new ChatHarness(tools, Call, ScriptedAnswer.Of("It is 3."));
        await chat.TypeAsync("1 + 2?");

        Conversation read = ConversationJson.Read(ConversationJson.Write(chat.Session.Conversation, "m", chat.Time.GetUtcNow()));

        Assert.Equal(["user", "assistant", "tool", "assistant"], read.ToMessages().Select(message => message.Role.Value));
        var call = Assert.Single(read.Turns[0].Steps.SelectMany(step => step.Contents).OfType<FunctionCallContent>());
        Assert.Equal("→ add(a: 1, b: 2)", ToolText.Describe(call));
    }

    private static Task<ToolSet> CreateAsync(ApprovalRule rule) =>
        ToolSet.CreateAsync(new ConsoleOptions { Tools = ["calculator"], Approval = rule }, TimeProvider.System, loggerFactory: null, CancellationToken.None);

    private sealed class OneLine(string line) : ILineReader
    {
        private bool _isRead;

        public PromptInput Read() => _isRead ? throw new InvalidOperationException("Asked again.") : Once();

        private PromptInput.Line Once()
        {
            _isRead = true;
            return new PromptInput.Line(line);
        }
    }
}
