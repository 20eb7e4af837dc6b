using LlamaProvider.Decoding;
using LlamaProvider.Tool.Chat;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tool.Tests.Chat;

public sealed class ChatLoopTests : ToolTest
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    [Fact]
    public async Task Run_Lines_AreOneConversation()
    {
        using var client = new ScriptedClient(messages => ["re", $"{messages.Count}"]);

        Assert.Equal(ExitCodes.Success, await Loop(client, "one\n\ntwo\n", system: "be").RunAsync());

        Assert.Equal([["system: be", "user: one"], ["system: be", "user: one", "assistant: re2", "user: two"]], client.Asked);
        Assert.Equal("re2\nre4\n", _output.ToString().ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task Run_Reset_KeepsTheSystemPromptAlone()
    {
        using var client = new ScriptedClient(_ => ["x"]);

        await Loop(client, "one\n/reset\ntwo\n", system: "be").RunAsync();

        Assert.Equal(["system: be", "user: two"], client.Asked[1]);
    }

    [Fact]
    public async Task Run_Terminal_AsksForLinesAndCleansAnswers()
    {
        using var client = new ScriptedClient(_ => ["a\e[2Jb"]);

        await Loop(client, "one\n", terminal: true).RunAsync();

        Assert.Equal("Ctrl+C stops an answer; /reset forgets the conversation; /exit or Ctrl+D leaves.\n> a\u241B[2Jb\n> ", _output.ToString().ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task Run_NoTerminal_LeavesAnswersAsTheyAre()
    {
        using var client = new ScriptedClient(_ => ["a\e[2Jb\n"]);

        await Loop(client, "one\n").RunAsync();

        Assert.Equal("a\e[2Jb\n", _output.ToString());
    }

    [Fact]
    public async Task Run_Interrupted_KeepsWhatThereIsAndGoesOn()
    {
        using var client = new ScriptedClient(messages => messages.Count == 1 ? ["half", "<wait>", "never"] : ["whole"]) { OnPart = part => Assert.True(part != "<wait>" || Interrupts.Raise()) };

        Assert.Equal(ExitCodes.Success, await Loop(client, "one\ntwo\n").RunAsync());

        Assert.Equal(["user: one", "assistant: half", "user: two"], client.Asked[1]);
        Assert.Equal("half\nwhole\n", _output.ToString().ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task Once_Interrupted_EndsWith130()
    {
        using var client = new ScriptedClient(_ => ["half", "<wait>"]) { OnPart = part => Assert.True(part != "<wait>" || Interrupts.Raise()) };

        Assert.Equal(ExitCodes.Interrupted, await Loop(client, "").AskOnceAsync("one"));
    }

    [Theory]
    [InlineData(false, ExitCodes.Failure)]
    [InlineData(true, ExitCodes.Success)]
    public async Task Run_AnswerFails_ForgetsTheQuestionAndGoesOn(bool terminal, int exitCode)
    {
        using var client = new ScriptedClient(messages => messages[^1].Text == "bad" ? throw new TooLong() : ["fine"]);

        Assert.Equal(exitCode, await Loop(client, "bad\ngood\n", terminal: terminal).RunAsync());

        Assert.Equal(["user: good"], client.Asked[1]);
        Assert.Equal("too long\n", _error.ToString().ReplaceLineEndings("\n"));
    }

    public override ValueTask DisposeAsync()
    {
        _output.Dispose();
        _error.Dispose();
        return base.DisposeAsync();
    }

    private ChatLoop Loop(IChatClient client, string input, string? system = null, bool terminal = false) =>
        new(client, new ChatOptions(), system, CreateContext(_output, _error, new StringReader(input)) with { InputIsTerminal = terminal, OutputIsTerminal = terminal });

    private sealed class TooLong() : LlamaException("too long");
}
