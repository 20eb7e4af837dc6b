namespace AgentConsole.Tests;

public class TerminalTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("two\nlines\tand a tab", "two\nlines\tand a tab")]
    [InlineData("windows\r\nline", "windows\nline")]
    [InlineData("\e[2Jgone\a", "␛[2Jgone␇")]
    [InlineData("\u009b31m", "\uFFFD31m")]
    [InlineData("日本語 🦙", "日本語 🦙")]
    public void Clean_ControlCharacters_AreShownAndNotObeyed(string text, string expected) => Assert.Equal(expected, TerminalText.Clean(text));
}
