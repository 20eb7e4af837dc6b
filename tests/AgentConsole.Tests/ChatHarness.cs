using AgentConsole.Input;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;
using Spectre.Console;
using Spectre.Console.Testing;

namespace AgentConsole.Tests;

/// <summary>The whole chat but for the model and the terminal.</summary>
internal sealed class ChatHarness : IDisposable
{
    private readonly ChatView _view;

    public ChatHarness(params ScriptedAnswer[] answers)
        : this(new Interrupts(), answers)
    {
    }

    public ChatHarness(Interrupts interrupts, params ScriptedAnswer[] answers)
    {
        Client = new ScriptedChatClient(answers);
        _view = new ChatView(Console);
        Session = new ChatSession(Console, _view, Client, Options, interrupts, Time);
    }

    public TestConsole Console { get; } = new TestConsole().Width(200);

    public ScriptedChatClient Client { get; }

    public ChatOptions Options { get; } = new();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));

    public ChatSession Session { get; }

    /// <summary>Types lines, then the end of input, and returns what the console shows.</summary>
    public Task<string> TypeAsync(params string[] lines) => RunAsync(new TextLineReader(Console, new StringReader(string.Join('\n', lines))));

    public async Task<string> RunAsync(ILineReader input)
    {
        await new ChatLoop(input, _view, Session, new FileCommands(Session, _view, "scripted", Time)).RunAsync();
        return Console.Output;
    }

    public void Dispose() => Console.Dispose();
}
