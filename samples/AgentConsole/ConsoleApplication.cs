using System.Text;
using AgentConsole.Input;
using AgentConsole.Tools;
using LlamaProvider;
using LlamaProvider.Chat;
using LlamaProvider.Decoding;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Spectre.Console;

namespace AgentConsole;

/// <summary>The program: loads the model, then answers one prompt or holds a conversation, and says how it went as an exit code.</summary>
internal sealed class ConsoleApplication(ConsoleOptions options)
{
    private readonly TimeProvider _time = TimeProvider.System;

    public async Task<int> RunAsync()
    {
        UseUtf8();
        using ILoggerFactory? loggerFactory = options.Verbose ? CreateLoggerFactory() : null;
        using Interrupts interrupts = Interrupts.FromSignals();
        try
        {
            string? prompt = PromptSource.Read(options.Prompt, Console.IsInputRedirected ? Console.In : null);
            return prompt switch
            {
                null => await ChatAsync(interrupts, loggerFactory),
                "" => WrongUsage("There is no prompt: --prompt and standard input are empty."),
                _ => await interrupts.RunAsync(token => AnswerAsync(prompt, loggerFactory, token)),
            };
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }
        catch (Exception error)
        {
            string message = error is LlamaException or ToolException ? error.Message : $"Unexpected {error.GetType().Name}: {error.Message} --verbose shows where.";
            await Console.Error.WriteLineAsync(options.Verbose ? error.ToString() : message);
            return ExitCodes.Failure;
        }
    }

    private async Task<int> AnswerAsync(string prompt, ILoggerFactory? loggerFactory, CancellationToken cancellationToken)
    {
        await using LlamaEngine engine = await ModelLoading.LoadAsync(options, loggerFactory, bar: null, cancellationToken);
        await using ToolSet tools = await ToolSet.CreateAsync(options, _time, loggerFactory, cancellationToken);
        using IChatClient client = new ToolCaller(tools, approve: null, Console.Error.WriteLine).Wrap(engine.CreateChatClient());
        var printer = new AnswerPrinter(Console.Out, isTerminal: !Console.IsOutputRedirected);
        var oneShot = new OneShot(client, options.ToChatOptions(tools.Functions), printer, Console.Error, _time);
        return await oneShot.RunAsync(new Conversation { System = options.System }.Ask(prompt), cancellationToken);
    }

    private async Task<int> ChatAsync(Interrupts interrupts, ILoggerFactory? loggerFactory)
    {
        IAnsiConsole console = CreateConsole();
        await using LlamaEngine engine = await interrupts.RunAsync(
            token => ModelLoading.ShowAsync(console, bar => ModelLoading.LoadAsync(options, loggerFactory, bar, token)));
        await using ToolSet tools = await interrupts.RunAsync(token => ToolSet.CreateAsync(options, _time, loggerFactory, token));
        ILineReader input = CreateInput(console, interrupts);
        var view = new ChatView(console);
        using IChatClient client = new ToolCaller(tools, new Approval(view, input).AskAsync).Wrap(engine.CreateChatClient());

        var session = new ChatSession(console, view, client, options.ToChatOptions(tools.Functions), interrupts, _time)
        {
            Conversation = new Conversation { System = options.System },
            Verbose = options.Verbose,
        };
        var files = new FileCommands(session, view, engine.Model.Description.Name, _time);
        view.Banner(engine.Model.Description, engine.Limits.Cells, tools.Functions);
        await new ChatLoop(input, view, session, files).RunAsync();
        return ExitCodes.Success;
    }

    private static IAnsiConsole CreateConsole() => AnsiConsole.Create(new AnsiConsoleSettings
    {
        // Said, not detected: build servers make Spectre.Console believe in colours, and logs sent to a file make it doubt the terminal.
        Ansi = Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect,
        Interactive = Console.IsInputRedirected || Console.IsOutputRedirected ? InteractionSupport.No : InteractionSupport.Yes,
    });

    private static ILineReader CreateInput(IAnsiConsole console, Interrupts interrupts)
    {
        if (console.Profile.Capabilities is not { Ansi: true, Interactive: true })
        {
            return new TextLineReader(console, Console.In);
        }

        interrupts.MayEndProgram = false;
        return new LineEditor(console, take => Console.TreatControlCAsInput = take);
    }

    private static ILoggerFactory CreateLoggerFactory() => LoggerFactory.Create(logging => logging
        .SetMinimumLevel(LogLevel.Debug)
        .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
        .AddSimpleConsole(format =>
        {
            format.SingleLine = true;
            format.ColorBehavior = Console.IsErrorRedirected ? LoggerColorBehavior.Disabled : LoggerColorBehavior.Default;
        }));

    private static void UseUtf8()
    {
        // Elsewhere it is the default; the code pages of Windows lack most letters of the world.
        if (OperatingSystem.IsWindows())
        {
            Console.InputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
            Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        }
    }

    private static int WrongUsage(string message)
    {
        Console.Error.WriteLine(message);
        return ExitCodes.WrongUsage;
    }
}
