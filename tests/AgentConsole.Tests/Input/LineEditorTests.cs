using AgentConsole.Input;
using Spectre.Console.Testing;

namespace AgentConsole.Tests.Input;

public sealed class LineEditorTests : IDisposable
{
    private readonly TestConsole _console = new TestConsole().Interactive().EmitAnsiSequences();
    private readonly List<bool> _controlC = [];
    private readonly LineEditor _editor;

    public LineEditorTests() => _editor = new LineEditor(_console, _controlC.Add);

    public void Dispose() => _console.Dispose();

    [Fact]
    public void Read_TextAndEnter_IsTheLine() => Assert.Equal(new PromptInput.Line("hello"), Read("hello", ConsoleKey.Enter));

    [Fact]
    public void Read_Editing_ChangesTheTextAtTheCursor() => Assert.Equal(
        new PromptInput.Line("[brave] new world"),
        Read("new wOrld", ConsoleKey.LeftArrow, ConsoleKey.LeftArrow, ConsoleKey.LeftArrow, ConsoleKey.Backspace, "o", ConsoleKey.Home, "[brave] ", ConsoleKey.Enter));

    [Fact]
    public void Read_WideCharacters_AreDeletedWhole() =>
        Assert.Equal(new PromptInput.Line("日語!"), Read("日本語🦙", ConsoleKey.Backspace, ConsoleKey.LeftArrow, ConsoleKey.Backspace, ConsoleKey.End, "!", ConsoleKey.Enter));

    [Fact]
    public void Read_ControlKeys_DeleteWordsAndLines()
    {
        Assert.Equal(new PromptInput.Line("one "), Read("one two", Control(ConsoleKey.W), ConsoleKey.Enter));
        Assert.Equal(new PromptInput.Line("x"), Read("one two", Control(ConsoleKey.U), "x", ConsoleKey.Enter));
        Assert.Equal(new PromptInput.Line("x"), Read("one two", Control(ConsoleKey.A), Control(ConsoleKey.K), "x", ConsoleKey.Enter));
    }

    [Fact]
    public void Read_ArrowsUpAndDown_WalkThroughEarlierLinesAndBackToTheDraft()
    {
        Read("first", ConsoleKey.Enter);
        Read("second", ConsoleKey.Enter);

        Assert.Equal(new PromptInput.Line("first"), Read(ConsoleKey.UpArrow, ConsoleKey.UpArrow, ConsoleKey.UpArrow, ConsoleKey.Enter));
        Assert.Equal(new PromptInput.Line("draft!"), Read("draft", ConsoleKey.UpArrow, ConsoleKey.DownArrow, ConsoleKey.DownArrow, "!", ConsoleKey.Enter));
    }

    [Fact]
    public void Read_ControlC_SaysWhetherTextWasThere()
    {
        Assert.Equal(new PromptInput.Interrupted(WasEmpty: true), Read(Control(ConsoleKey.C)));
        Assert.Equal(new PromptInput.Interrupted(WasEmpty: false), Read("text", Control(ConsoleKey.C)));
    }

    [Fact]
    public void Read_ControlD_EndsOnlyAnEmptyLine()
    {
        Assert.Equal(new PromptInput.Line("b"), Read("ab", ConsoleKey.Home, Control(ConsoleKey.D), ConsoleKey.Enter));
        Assert.Equal(new PromptInput.End(), Read(Control(ConsoleKey.D)));
    }

    [Theory]
    [InlineData("\e")]
    [InlineData("Alt")]
    public void Read_PastedLines_AreOneText(string escape)
    {
        object begin = escape == "Alt" ? new ConsoleKeyInfo('[', ConsoleKey.None, shift: false, alt: true, control: false) : ConsoleKey.Escape;
        object end = escape == "Alt" ? begin : new ConsoleKeyInfo('\e', ConsoleKey.Escape, shift: false, alt: false, control: false);
        string rest = escape == "Alt" ? "" : "[";

        PromptInput input = Read("a ", begin, $"{rest}200~one\rtwo\t\a", end, $"{rest}201~", "!", ConsoleKey.Enter);

        Assert.Equal(new PromptInput.Line("a one\ntwo    ␇!"), input);
    }

    [Fact]
    public void Read_Ends_GivesControlCBack()
    {
        Read("x", ConsoleKey.Enter);

        Assert.Equal([true, false], _controlC);
    }

    private static ConsoleKeyInfo Control(ConsoleKey key) => new((char)(key - ConsoleKey.A + 1), key, shift: false, alt: false, control: true);

    private PromptInput Read(params object[] keys)
    {
        foreach (ConsoleKeyInfo key in keys.SelectMany(ToKeys))
        {
            _console.Input.PushKey(key);
        }

        return _editor.Read();
    }

    /// <summary>Keys as .NET reports them: a text is one key per UTF-16 character.</summary>
    private static IEnumerable<ConsoleKeyInfo> ToKeys(object input) => input switch
    {
        string text => text.Select(character => new ConsoleKeyInfo(character, ConsoleKey.None, shift: false, alt: false, control: false)),
        ConsoleKey key => [new ConsoleKeyInfo('\0', key, shift: false, alt: false, control: false)],
        _ => [(ConsoleKeyInfo)input],
    };
}
