namespace AgentConsole.Tests;

public class ChatCommandTests
{
    [Theory]
    [InlineData("hello", "hello")]
    [InlineData("  hello there ", "hello there")]
    [InlineData("what is /help?", "what is /help?")]
    [InlineData("//etc/passwd", "/etc/passwd")]
    public void Parse_Text_IsMessage(string line, string text) => Assert.Equal(new ChatCommand.Message(text), ChatCommand.Parse(line));

    public static TheoryData<string, object> Commands => new()
    {
        { "/help", new ChatCommand.Help() },
        { "/reset", new ChatCommand.Reset() },
        { "/RETRY", new ChatCommand.Retry() },
        { "/exit", new ChatCommand.Exit() },
        { "/quit", new ChatCommand.Exit() },
        { "/system", new ChatCommand.System(null) },
        { "/system   You are a\npirate. ", new ChatCommand.System("You are a\npirate.") },
        { "/save", new ChatCommand.Save(null) },
        { "/save my chat.md", new ChatCommand.Save("my chat.md") },
        { "/load\tchat.json", new ChatCommand.Load("chat.json") },
        { "/frobnicate now", new ChatCommand.Unknown("/frobnicate") },
        { "/", new ChatCommand.Unknown("/") },
    };

    [Theory]
    [MemberData(nameof(Commands))]
    public void Parse_Slash_IsCommandWithArgument(string line, object expected) => Assert.Equal(expected, ChatCommand.Parse(line));

    [Fact]
    public void Usages_EveryEntry_IsKnownToTheParser() =>
        Assert.All(ChatCommand.Usages, entry => Assert.IsNotType<ChatCommand.Unknown>(ChatCommand.Parse(entry.Usage)));
}
