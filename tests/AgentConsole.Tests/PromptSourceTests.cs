namespace AgentConsole.Tests;

public class PromptSourceTests
{
    [Theory]
    [InlineData(null, null, null)]
    [InlineData("ask", null, "ask")]
    [InlineData(null, "piped\n", "piped")]
    [InlineData("ask", "piped\ntext\n", "ask\n\npiped\ntext")]
    [InlineData("ask", "", "ask")]
    [InlineData(null, " \n", "")]
    [InlineData("", null, "")]
    public void Read_OptionAndPipe_AreJoined(string? option, string? pipe, string? expected) =>
        Assert.Equal(expected, PromptSource.Read(option, pipe is null ? null : new StringReader(pipe)));
}
