using AgentConsole.Input;
using AgentConsole.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;
using Spectre.Console;
using Spectre.Console.Testing;

namespace AgentConsole.Tests;

/// <summary>The whole chat but for the model and the terminal.</summary>
internal sealed class ChatHarness : IDisposable
{
    private readonly ChatView _view;
    private ILineReader? _input;

    public ChatHarness(params ScriptedAnswer[] answers)
        : this(new Interrupts(), answers)
    {
    }

    public ChatHarness(Interrupts interrupts, params ScriptedAnswer[] answers)
        : this(interrupts, tools: null, answers)
    {
    }

    public ChatHarness(ToolSet tools, params ScriptedAnswer[] answers)
        : this(new Interrupts(), tools, answers)
    {
    }

    private ChatHarness(Interrupts interrupts, ToolSet? tools, ScriptedAnswer[] answers)
    {
        Client = new ScriptedChatClient(answers);
        _view = new ChatView(Console);
        Options = new ChatOptions { Tools = tools is null ? null : [.. tools.Functions] };
        IChatClient client = tools is null ? Client : new ToolCaller(tools, (tool, token) => new Approval(_view, _input!).AskAsync(tool, token)).Wrap(Client);
        Session = new ChatSession(Console, _view, client, Options, interrupts, Time);
    }

    public TestConsole Console { get; } = new TestConsole().Width(200);

    public ScriptedChatClient Client { get; }

    public ChatOptions Options { get; }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero));

    public ChatSession Session { get; }

    /// <summary>Types lines, then the end of input, and returns what the console shows.</summary>
    public Task<string> TypeAsync(params string[] lines) => RunAsync(new TextLineReader(Console, new StringReader(string.Join('\n', lines))));

    public async Task<string> RunAsync(ILineReader input)
    {
        _input = input;
        await new ChatLoop(input, _view, Session, new FileCommands(Session, _view, "scripted", Time)).RunAsync();
        return Console.Output;
    }

    public void Dispose() => Console.Dispose();
}
