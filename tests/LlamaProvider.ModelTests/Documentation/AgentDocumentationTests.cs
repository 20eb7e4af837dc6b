using LlamaProvider.Chat;
using LlamaProvider.TestSupport;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;

namespace LlamaProvider.ModelTests.Documentation;

/// <summary>docs/agents.md's code is this code.</summary>
public sealed class AgentDocumentationTests
{
    private static readonly string Document = DocumentedCode.Read("docs", "agents.md");

    [Fact]
    public async Task AgentExample_AsWritten_CallsItsToolAndKeepsItsSession()
    {
        await using LlamaEngine engine = await LlamaEngine.LoadAsync(new() { ModelPath = TestFiles.PocketChat, Threads = 1 });

        // <agent>
        AIFunction weather = AIFunctionFactory.Create((string city) => "{\"condition\": \"sunny\", \"temperature\": 21}", "get_weather", "Gets the current weather of a city.");
        AIAgent agent = engine.CreateChatClient().AsAIAgent(instructions: "You are a helpful assistant.", tools: [weather]);
        AgentSession session = await agent.CreateSessionAsync();
        Console.WriteLine(await agent.RunAsync("What is the weather in Oslo?", session));
        Console.WriteLine(await agent.RunAsync("What is the capital of France?", session));
        // </agent>
        DocumentedCode.AssertIn(Document, "agent");

        AgentResponse answer = await agent.RunAsync("What is the weather in Rome?", session);
        Assert.Contains(answer.Messages.SelectMany(message => message.Contents), content => content is FunctionCallContent { Name: "get_weather" });
        Assert.Contains("Rome", answer.Text);
    }

    [Fact]
    public async Task ApprovalExample_AsWritten_CallsOnlyWithConsent()
    {
        await using LlamaEngine engine = await LlamaEngine.LoadAsync(new() { ModelPath = TestFiles.PocketChat, Threads = 1 });
        using LlamaChatClient client = engine.CreateChatClient();

        // <approval>
        AIFunction light = new ApprovalRequiredAIFunction(
            AIFunctionFactory.Create((string room, bool on) => "ok", "set_light", "Switches the light of a room on or off."));
        IChatClient agent = client.AsBuilder().UseFunctionInvocation().Build();
        var options = new ChatOptions { Temperature = 0, Tools = [light] };
        List<ChatMessage> messages = [new(ChatRole.User, "Turn on the light in the kitchen.")];

        messages.AddMessages(await agent.GetResponseAsync(messages, options));
        AIContent[] decisions = [.. messages[^1].Contents.OfType<ToolApprovalRequestContent>().Select(request => request.CreateResponse(approved: true))];
        messages.Add(new ChatMessage(ChatRole.User, decisions));
        ChatResponse done = await agent.GetResponseAsync(messages, options);
        // </approval>
        DocumentedCode.AssertIn(Document, "approval");

        Assert.Single(decisions);
        Assert.Contains(done.Messages.SelectMany(message => message.Contents), content => content is FunctionResultContent { Result: not null });
    }
}
