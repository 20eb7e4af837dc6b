using AgentConsole.Input;

namespace AgentConsole.Tests.Input;

public class LineLayoutTests
{
    [Theory]
    [InlineData("", 0, new[] { "" }, 0, 2)]
    [InlineData("abc", 1, new[] { "abc" }, 0, 3)]
    [InlineData("abcdefgh", 8, new[] { "abcdefgh", "" }, 1, 0)]
    [InlineData("abcdefghij", 8, new[] { "abcdefgh", "ij" }, 1, 0)]
    [InlineData("abc日本語", 6, new[] { "abc日本", "語" }, 1, 2)]
    [InlineData("a\nbc", 1, new[] { "a", "bc" }, 0, 3)]
    [InlineData("a\nbc", 2, new[] { "a", "bc" }, 1, 0)]
    [InlineData("a\n", 2, new[] { "a", "" }, 1, 0)]
    public void Of_Text_BreaksAtTheWidthOfTheTerminal(string text, int cursor, string[] rows, int cursorRow, int cursorColumn)
    {
        LineLayout layout = LineLayout.Of(text, cursor, indent: 2, width: 10);

        Assert.Equal(rows, layout.Rows);
        Assert.Equal((cursorRow, cursorColumn), (layout.CursorRow, layout.CursorColumn));
    }
}
