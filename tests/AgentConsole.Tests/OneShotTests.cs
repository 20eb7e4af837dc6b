using Microsoft.Extensions.AI;

namespace AgentConsole.Tests;

public sealed class OneShotTests : IDisposable
{
    private readonly StringWriter _output = new() { NewLine = "\n" };
    private readonly StringWriter _errors = new() { NewLine = "\n" };

    public void Dispose()
    {
        _output.Dispose();
        _errors.Dispose();
    }

    [Fact]
    public async Task Run_Answer_IsPrintedWithOneLineBreak()
    {
        Assert.Equal(ExitCodes.Success, await RunAsync(ScriptedAnswer.Of("[b]", "old"), new ChatOptions()));

        Assert.Equal(("[b]old\n", ""), (_output.ToString(), _errors.ToString()));
    }

    [Theory]
    [InlineData(null, "The answer is cut off: the context is full. A larger --context gives more room.\n")]
    [InlineData(1, "")]
    public async Task Run_CutOff_IsSaidUnlessItWasAskedFor(int? maxTokens, string errors)
    {
        ScriptedAnswer answer = ScriptedAnswer.Of("a") with { FinishReason = ChatFinishReason.Length };

        Assert.Equal(ExitCodes.Success, await RunAsync(answer, new ChatOptions { MaxOutputTokens = maxTokens }));

        Assert.Equal(("a\n", errors), (_output.ToString(), _errors.ToString()));
    }

    [Fact]
    public async Task Run_Interrupted_KeepsWhatWasPrinted()
    {
        using var interrupt = new CancellationTokenSource();
        ScriptedAnswer answer = ScriptedAnswer.Of("half") with { WaitsToBeStopped = true, AfterParts = interrupt.Cancel };

        Assert.Equal(ExitCodes.Interrupted, await RunAsync(answer, new ChatOptions(), interrupt.Token));

        Assert.Equal("half\n", _output.ToString());
    }

    private async Task<int> RunAsync(ScriptedAnswer answer, ChatOptions options, CancellationToken cancellationToken = default)
    {
        using var client = new ScriptedChatClient(answer);
        var oneShot = new OneShot(client, options, new AnswerPrinter(_output, isTerminal: false), _errors, TimeProvider.System);
        return await oneShot.RunAsync(Conversation.Empty.Ask("Hi"), cancellationToken);
    }
}
