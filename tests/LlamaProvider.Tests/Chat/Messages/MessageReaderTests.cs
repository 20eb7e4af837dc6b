using System.Text.Json;
using LlamaProvider.Chat.Messages;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Chat.Messages;

public sealed class MessageReaderTests
{
    [Fact]
    public void Read_PartsOfAMessage_AreJoinedByKind()
    {
        PromptMessage message = Assert.Single(Read(new ChatMessage(ChatRole.Assistant,
        [
            new TextReasoningContent("I "), new TextContent("a"), new UsageContent(new UsageDetails()), new TextReasoningContent("see."),
            new ErrorContent("cut"), new TextContent("b"), new FunctionCallContent("c1", "f"), new TextReasoningContent(null) { ProtectedData = "xyz" },
        ])));

        Assert.Equal(("assistant", "ab", "I see.", 0), (message.Role, message.Text, message.Reasoning, message.Source));
        Assert.Equal(("c1", "f", "{}"), (message.Calls[0].Id, message.Calls[0].Name, message.Calls[0].Arguments.GetRawText()));
    }

    [Fact]
    public void Read_NoContent_IsAnEmptyTurn() => Assert.Equal(new PromptMessage { Role = "user", Source = 0 }, Assert.Single(Read(new ChatMessage(ChatRole.User, []))));

    [Theory]
    [InlineData("System", "system")]
    [InlineData("developer", "system")]
    [InlineData("USER", "user")]
    [InlineData("Assistant", "assistant")]
    public void Read_Roles_AreThoseOfTemplates(string role, string expected) =>
        Assert.Equal((expected, "Ann"), Assert.Single(Read(new ChatMessage(new ChatRole(role), "a") { AuthorName = "Ann" })) is var message ? (message.Role, message.Name) : default);

    [Theory]
    [InlineData("tool")]
    [InlineData("user")]
    [InlineData("assistant")]
    public void Read_ResultsInAnyRole_AreMessagesOfTheTool_WithTheTextBesideThemKept(string role)
    {
        List<PromptMessage> messages = Read(
            Calls("c1", "c2"),
            new ChatMessage(new ChatRole(role), [new TextContent("before"), new FunctionResultContent("c2", "two"), new FunctionResultContent("c1", "one"), new TextContent("after")]));

        string speaker = role == "assistant" ? "assistant" : "user";
        Assert.Equal(
            [("assistant", "", null), (speaker, "before", null), ("tool", "two", "c2"), ("tool", "one", "c1"), (speaker, "after", null)],
            messages.Select(message => (message.Role, message.Text, message.CallId)));
        Assert.All(messages.Where(message => message.Role == "tool"), message => Assert.Equal(("tool_of_c", 1), (message.Name![..^1], message.Source)));
    }

    [Fact]
    public void Read_Arguments_KeepTheirValuesAndCharacters()
    {
        var call = new FunctionCallContent("c1", "f", new Dictionary<string, object?>
        {
            ["text"] = "Grüße \"🦙\" <日本>",
            ["number"] = 1.5,
            ["none"] = null,
            ["list"] = new List<int> { 1, 2 },
            ["json"] = JsonElement.Parse("""{"ключ": [true]}"""),
            ["when"] = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc),
        });

        JsonElement arguments = Assert.Single(Read(new ChatMessage(ChatRole.Assistant, [call]))).Calls[0].Arguments;

        Assert.Equal(
            """{"text":"Grüße \"🦙\" <日本>","number":1.5,"none":null,"list":[1,2],"json":{"ключ":[true]},"when":"2026-01-02T03:04:05Z"}""",
            arguments.GetRawText());
    }

    [Fact]
    public void Read_AnIdThatIsUsedAgain_MeansTheLatestCall()
    {
        List<PromptMessage> messages = Read(
            new(ChatRole.Assistant, [new FunctionCallContent("0", "first")]), new(ChatRole.Tool, [new FunctionResultContent("0", "a")]),
            new(ChatRole.Assistant, [new FunctionCallContent("0", "second")]), new(ChatRole.Tool, [new FunctionResultContent("0", "b")]));

        Assert.Equal(["first", "second"], messages.Where(message => message.Role == "tool").Select(message => message.Name));
    }

    private static ChatMessage Calls(params string[] ids) => new(ChatRole.Assistant, [.. ids.Select(id => new FunctionCallContent(id, $"tool_of_{id}"))]);

    private static List<PromptMessage> Read(params ChatMessage[] messages) => MessageReader.Read(messages);
}
