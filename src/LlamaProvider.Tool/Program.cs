// The one place that touches the system's console, clock and environment; commands are given them.
#pragma warning disable RS0030
using System.Text;
using LlamaProvider.Tool.Diagnosis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Spectre.Console;

namespace LlamaProvider.Tool;

/// <summary>Gives commands the system's console, signals and environment.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        // Elsewhere it is the default; the code pages of Windows lack most letters of the world.
        if (OperatingSystem.IsWindows())
        {
            Console.InputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
            Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        }

        using Interrupts interrupts = Interrupts.FromSignals();
        return await new ToolApplication(new ToolContext
        {
            Console = CreateConsole(Console.Out, Console.IsOutputRedirected),
            Output = Console.Out,
            OutputIsTerminal = !Console.IsOutputRedirected,
            ErrorConsole = CreateConsole(Console.Error, Console.IsErrorRedirected),
            Error = Console.Error,
            Input = Console.In,
            InputIsTerminal = !Console.IsInputRedirected,
            Interrupts = interrupts,
            CreateDownloadOptions = static () => new(),
            Native = new NativeProbe(),
            Machine = new MachineProbe(),
            CreateLoggerFactory = CreateLoggerFactory,
            BuiltInModels = Path.Combine(AppContext.BaseDirectory, "models"),
            HasHubKey = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("HF_TOKEN")),
        }).RunAsync(args);
    }

    private static IAnsiConsole CreateConsole(TextWriter writer, bool isRedirected)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            // Said, not detected: build servers make Spectre.Console believe in colours, and logs sent to a file make it doubt the terminal.
            Ansi = isRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            Interactive = isRedirected ? InteractionSupport.No : InteractionSupport.Detect,
            Out = new AnsiConsoleOutput(writer),
        });
        if (isRedirected)
        {
            // Programs that read a table want its lines whole.
            console.Profile.Width = 10_000;
        }

        return console;
    }

    private static ILoggerFactory CreateLoggerFactory() => LoggerFactory.Create(static logging => logging
        .SetMinimumLevel(LogLevel.Debug)
        .AddConsole(static console => console.LogToStandardErrorThreshold = LogLevel.Trace)
        .AddSimpleConsole(static format =>
        {
            format.SingleLine = true;
            format.ColorBehavior = Console.IsErrorRedirected ? LoggerColorBehavior.Disabled : LoggerColorBehavior.Default;
        }));
}
