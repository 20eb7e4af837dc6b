namespace AgentConsole.Tests;

public class AnswerPrinterTests
{
    [Theory]
    [InlineData(true, "a␛[2Jb\n")]
    [InlineData(false, "a\e[2Jb\n")]
    public void Write_ControlCharacters_AreOnlyStoredWhereTheyCannotAct(bool isTerminal, string expected) => Assert.Equal(expected, Print(isTerminal, "a", "\e[2J", "b"));

    [Theory]
    [InlineData(new[] { "one", "\n" }, "one\n")]
    [InlineData(new[] { "one\ntwo", "" }, "one\ntwo\n")]
    [InlineData(new string[0], "")]
    [InlineData(new[] { "日", "本", "🦙" }, "日本🦙\n")]
    public void EndLine_AnyAnswer_LeavesNoOpenLine(string[] parts, string expected) => Assert.Equal(expected, Print(isTerminal: false, parts));

    private static string Print(bool isTerminal, params string[] parts)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var printer = new AnswerPrinter(output, isTerminal);
        Array.ForEach(parts, printer.Write);
        printer.EndLine();
        printer.EndLine();
        return output.ToString();
    }
}
