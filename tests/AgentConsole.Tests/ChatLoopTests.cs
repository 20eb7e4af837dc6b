using AgentConsole.Input;
using LlamaProvider.Decoding.Scheduling;
using Microsoft.Extensions.AI;

namespace AgentConsole.Tests;

public class ChatLoopTests
{
    [Fact]
    public async Task Message_Answered_IsStreamedAndKept()
    {
        using var chat = new ChatHarness(ScriptedAnswer.Of("Hel", "lo", "!"), ScriptedAnswer.Of("Fine."));

        string output = await chat.TypeAsync("Hi", "", "How are you?");

        Assert.Equal(["user: Hi"], chat.Client.Requests[0]);
        Assert.Equal(["user: Hi", "assistant: Hello!", "user: How are you?"], chat.Client.Requests[1]);
        Assert.Contains("> Hello!\n3 tokens", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_AnswerWithMarkup_IsShownAsItIs()
    {
        const string Hostile = "[red]a[/] [[b]] [/] [link=x]c[/] array[0]";
        using var chat = new ChatHarness(ScriptedAnswer.Of(Hostile[..7], Hostile[7..]));

        Assert.Contains(Hostile, await chat.TypeAsync("Hi"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_EmptyAnswer_SaysSo()
    {
        using var chat = new ChatHarness(ScriptedAnswer.Of());

        Assert.Contains("empty answer · 0 tokens", await chat.TypeAsync("Hi"), StringComparison.Ordinal);
        Assert.Equal([new Turn("Hi", "")], chat.Session.Conversation.Turns.AsEnumerable());
    }

    [Fact]
    public async Task Message_CutOff_SaysWhy()
    {
        using var chat = new ChatHarness(
            ScriptedAnswer.Of("a", "b") with { FinishReason = ChatFinishReason.Length }, ScriptedAnswer.Of("a") with { FinishReason = ChatFinishReason.Length });
        chat.Options.MaxOutputTokens = 2;

        string output = await chat.TypeAsync("Hi", "Hi");

        Assert.Contains("cut off at --max-tokens 2", output, StringComparison.Ordinal);
        Assert.Contains("cut off: the context is full, /reset makes room", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interrupt_InTheMiddleOfAnAnswer_StopsTheAnswerAndNotTheChat()
    {
        var interrupts = new Interrupts();
        bool handled = false;
        using var chat = new ChatHarness(
            interrupts,
            ScriptedAnswer.Of("Once upon ") with { WaitsToBeStopped = true, AfterParts = () => handled = interrupts.Raise() },
            ScriptedAnswer.Of("Ok."));

        string output = await chat.TypeAsync("Tell a story", "Go on");

        Assert.True(handled);
        Assert.Contains("> Once upon \nfirst token after 0 ms · stopped after 0 ms", output, StringComparison.Ordinal);
        Assert.Equal(["user: Tell a story", "assistant: Once upon ", "user: Go on"], chat.Client.Requests[1]);
        Assert.Equal([true, false], chat.Session.Conversation.Turns.Select(turn => turn.Stopped));
    }

    [Fact]
    public async Task Interrupt_BeforeTheFirstWord_LeavesTheQuestionToRetry()
    {
        var interrupts = new Interrupts();
        using var chat = new ChatHarness(
            interrupts, ScriptedAnswer.Of() with { WaitsToBeStopped = true, AfterParts = () => interrupts.Raise() }, ScriptedAnswer.Of("Ok."));

        await chat.TypeAsync("Hi", "/retry");

        Assert.Equal(["user: Hi"], chat.Client.Requests[1]);
        Assert.Equal([new Turn("Hi", "Ok.")], chat.Session.Conversation.Turns.AsEnumerable());
    }

    [Fact]
    public async Task Error_InTheMiddleOfAnAnswer_IsShownAndTheChatGoesOn()
    {
        using var chat = new ChatHarness(
            ScriptedAnswer.Of("Kept."), ScriptedAnswer.Of("Half an ans") with { Error = new InvalidOperationException("The [engine] broke.") }, ScriptedAnswer.Of("Whole."));

        string output = await chat.TypeAsync("One", "Two", "/retry");

        Assert.Contains("Half an ans\nThe [engine] broke.\nYour message is kept: /retry asks it again.\n", output, StringComparison.Ordinal);
        Assert.Equal([new Turn("One", "Kept."), new Turn("Two", "Whole.")], chat.Session.Conversation.Turns.AsEnumerable());
    }

    [Fact]
    public async Task Overflow_LongConversation_SaysNumbersAndHowToGoOn()
    {
        using var chat = new ChatHarness(
            ScriptedAnswer.Of("Short."), ScriptedAnswer.Of() with { Error = new ContextOverflowException(2500, 2048) }, ScriptedAnswer.Of("Fits."));

        string output = await chat.TypeAsync("One", "A [long] message", "/reset", "/retry");

        Assert.Contains("it has 2,500 tokens, but the context holds 2,048", output, StringComparison.Ordinal);
        Assert.Contains("/reset makes room, then /retry", output, StringComparison.Ordinal);
        Assert.Contains("--context", output, StringComparison.Ordinal);
        Assert.Contains("Not answered: A [long] message\n", output, StringComparison.Ordinal);
        Assert.Equal(["user: A [long] message"], chat.Client.Requests[2]);
    }

    [Fact]
    public async Task Overflow_FirstMessage_DoesNotSuggestReset()
    {
        using var chat = new ChatHarness(ScriptedAnswer.Of() with { Error = new ContextOverflowException(2500, 2048) });

        Assert.Contains("Shorten the message, or start the program with a larger --context.", await chat.TypeAsync("Too long"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retry_Answered_ReplacesTheAnswer()
    {
        using var chat = new ChatHarness(ScriptedAnswer.Of("One"), ScriptedAnswer.Of("Two"), ScriptedAnswer.Of("Two"));

        string output = await chat.TypeAsync("Hi", "/retry", "/retry");

        Assert.Equal([new Turn("Hi", "Two")], chat.Session.Conversation.Turns.AsEnumerable());
        Assert.Single(output.Split("The same answer as before.").Skip(1));
    }

    [Fact]
    public async Task Retry_Failing_KeepsTheAnswerThereWas()
    {
        using var chat = new ChatHarness(ScriptedAnswer.Of("One"), ScriptedAnswer.Of("Tw") with { Error = new InvalidOperationException("Broken.") });

        await chat.TypeAsync("Hi", "/retry");

        Assert.Equal([new Turn("Hi", "One")], chat.Session.Conversation.Turns.AsEnumerable());
    }

    [Fact]
    public async Task Retry_NothingAsked_SaysSo()
    {
        using var chat = new ChatHarness();

        Assert.Contains("There is no question to ask again.", await chat.TypeAsync("/retry"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task System_SetShownAndRemoved_ReachesTheModel()
    {
        using var chat = new ChatHarness(ScriptedAnswer.Of("Arr."), ScriptedAnswer.Of("Hello."));

        string output = await chat.TypeAsync("/system", "/system Be a [pirate]", "/system", "Hi", "/system -", "Hi");

        Assert.Contains("No system prompt.", output, StringComparison.Ordinal);
        Assert.Contains("> Be a [pirate]\n", output, StringComparison.Ordinal);
        Assert.Equal(["system: Be a [pirate]", "user: Hi"], chat.Client.Requests[0]);
        Assert.Equal(["user: Hi", "assistant: Arr.", "user: Hi"], chat.Client.Requests[1]);
    }

    [Fact]
    public async Task Unknown_Command_IsNamedAndTheOthersListed()
    {
        using var chat = new ChatHarness();

        string output = await chat.TypeAsync("/dance [now]");

        Assert.Contains("There is no command /dance.", output, StringComparison.Ordinal);
        Assert.All(ChatCommand.Usages, entry => Assert.Contains(entry.Usage, output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Exit_MoreLinesFollow_LeavesThemUnread()
    {
        using var chat = new ChatHarness();

        await chat.TypeAsync("/exit", "Hi");

        Assert.Empty(chat.Client.Requests);
    }

    [Fact]
    public async Task SaveAndLoad_ThroughCommands_ContinueTheConversation()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("agent-console-");
        try
        {
            string file = Path.Combine(folder.FullName, "chat.json");
            using var chat = new ChatHarness(ScriptedAnswer.Of("Hello."), ScriptedAnswer.Of("Fine."), ScriptedAnswer.Of("Bye."));

            string output = await chat.TypeAsync("Hi", $"/save {file}", "More", $"/save {file}", "/reset", $"/load {file}", "Go on", "/load", "/save /none/x.md");

            Assert.Equal(["user: Hi", "assistant: Hello.", "user: More", "assistant: Fine.", "user: Go on"], chat.Client.Requests[2]);
            Assert.Contains("2 answered messages. Go on.", output, StringComparison.Ordinal);
            Assert.Contains("/load needs the name of a .json file", output, StringComparison.Ordinal);
            Assert.Contains("The conversation is still here.", output, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task ControlC_TwiceAtTheEmptyPrompt_Leaves()
    {
        using var chat = new ChatHarness(ScriptedAnswer.Of("Ok."));
        var input = new ScriptedInput(
            new PromptInput.Interrupted(WasEmpty: true),
            new PromptInput.Line("Hi"),
            new PromptInput.Interrupted(WasEmpty: true),
            new PromptInput.Interrupted(WasEmpty: false),
            new PromptInput.Interrupted(WasEmpty: true),
            new PromptInput.Interrupted(WasEmpty: true));

        await chat.RunAsync(input);

        Assert.Equal(0, input.Left);
        Assert.Single(chat.Client.Requests);
    }

    [Fact]
    public async Task Output_NoTerminal_HasNoEscapeCodes()
    {
        using var chat = new ChatHarness(ScriptedAnswer.Of("[bold]Hi[/]"));

        string output = await chat.TypeAsync("Hi", "/help", "/dance", "/system", "/reset");

        Assert.DoesNotContain('\e', output);
    }

    [Fact]
    public async Task Output_NarrowTerminal_ShowsEverything()
    {
        using var chat = new ChatHarness(ScriptedAnswer.Of("日本語の長い答え"));
        chat.Console.Profile.Width = 12;

        string output = await chat.TypeAsync("Hi", "/help");

        Assert.Contains("日本語の長い答え", output, StringComparison.Ordinal);
        Assert.Contains("/system", output, StringComparison.Ordinal);
    }

    private sealed class ScriptedInput(params PromptInput[] inputs) : ILineReader
    {
        private readonly Queue<PromptInput> _inputs = new(inputs);

        public int Left => _inputs.Count;

        public PromptInput Read() => _inputs.Dequeue();
    }
}
