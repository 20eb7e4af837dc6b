using System.Text.Json;
using LlamaProvider.Downloads;
using LlamaProvider.Downloads.Tests;
using LlamaProvider.Tool.Diagnosis;
using LlamaProvider.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;
using Spectre.Console;

namespace LlamaProvider.Tool.Tests;

/// <summary>How a run of the program ended.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Error)
{
    public JsonElement ReadJson() => JsonElement.Parse(Output);
}

/// <summary>The program in this process, with captured output, a cache of its own and a hub on this machine.</summary>
public abstract class ToolTest : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tool");

    private protected FileHub Hub { get; private set; } = null!;

    private protected string Cache => Path.Combine(_folder.FullName, "cache");

    private protected string Url => new Uri(Hub.Address, "/files/model.gguf").AbsoluteUri;

    private protected Interrupts Interrupts { get; } = new();

    private protected INativeProbe Native { get; set; } = new FixedNative(new NativeReport { Version = "0.5.0", Directory = "/native", FoundBy = "LLAMA_NATIVE_DIR", BackEnds = ["cpu"] });

    public async ValueTask InitializeAsync() => Hub = await FileHub.StartAsync();

    public virtual async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        Interrupts.Dispose();
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    private protected string InFolder(string name) => Path.Combine(_folder.FullName, name);

    private protected Task<ToolResult> RunAsync(params string[] arguments) => RunWithInputAsync("", arguments);

    private protected async Task<ToolResult> RunWithInputAsync(string input, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exitCode = await new ToolApplication(CreateContext(output, error, new StringReader(input))).RunAsync(arguments);
        return new ToolResult(exitCode, output.ToString().ReplaceLineEndings("\n"), error.ToString().ReplaceLineEndings("\n"));
    }

    private protected ToolContext CreateContext(TextWriter output, TextWriter error, TextReader input) => new()
    {
        Console = CreateConsole(output),
        Output = output,
        OutputIsTerminal = false,
        ErrorConsole = CreateConsole(error),
        Error = error,
        Input = input,
        InputIsTerminal = false,
        Interrupts = Interrupts,
        CreateDownloadOptions = () => new ModelDownloadOptions { CacheFolder = Cache, HubEndpoint = Hub.Address, RetryDelay = TimeSpan.Zero, Attempts = 1, Offline = false },
        Native = Native,
        Machine = new MachineProbe(),
        CreateLoggerFactory = static () => NullLoggerFactory.Instance,
        BuiltInModels = Path.Combine(TestFiles.RepositoryRoot, "models"),
    };

    private static IAnsiConsole CreateConsole(TextWriter writer)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(writer) });
        console.Profile.Width = 10_000;
        return console;
    }

    private protected sealed class FixedNative(NativeReport report) : INativeProbe
    {
        public NativeReport Probe() => report;
    }
}
