using System.CommandLine;
using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using LlamaProvider.TestSupport;

namespace LlamaProvider.Tool.Tests.Documentation;

/// <summary>docs/tool.md names every command and option, and its completion works.</summary>
public sealed class ToolDocumentationTests : ToolTest
{
    private static readonly string Document = DocumentedCode.Read("docs", "tool.md");

    private static string Dotnet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    private static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "LlamaProvider.Tool.dll");

    [Fact]
    public void Document_CommandsAndOptions_AreAllNamed()
    {
        RootCommand root = new ToolApplication(CreateContext(TextWriter.Null, TextWriter.Null, TextReader.Null)).CreateRoot();

        Assert.All(root.Subcommands, command => Assert.Contains($"`{command.Name}", Document, StringComparison.Ordinal));
        Assert.All(root.Subcommands.SelectMany(command => command.Options).Concat(root.Options.Where(option => option.Recursive && option.Name is not "--help")).Select(option => option.Name).Distinct(),
            option => Assert.Contains($"`{option}", Document, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("qu", "quantize")]
    [InlineData("show hf:owner/", "owner/repo/model-Q4_K_M.gguf")]
    [InlineData("bench --rep", "--repetitions")]
    public Task Completion_Bash_CompletesWords(string line, string expected) => AssertCompletesAsync("bash", line, expected, commandLine => $$"""
        COMP_LINE='{{commandLine}}' COMP_POINT={{commandLine.Length}}
        _llama_provider
        printf '%s\n' "${COMPREPLY[@]}"
        """);

    // What the shell has while it completes is set by hand, and its own commands only print.
    [Theory]
    [InlineData("qu", "quantize")]
    [InlineData("show hf:owner/", "hf:owner/repo/model-Q4_K_M.gguf")]
    [InlineData("bench --rep", "--repetitions")]
    public Task Completion_Zsh_OffersWords(string line, string expected) => AssertCompletesAsync("zsh", line, expected, commandLine => $$"""
        compadd() { print -l -- "${(@P)2}"; }
        BUFFER='{{commandLine}}' CURSOR={{commandLine.Length}}
        _llama_provider
        """);

    [Theory]
    [InlineData("qu", "quantize")]
    [InlineData("show hf:owner/", "hf:owner/repo/model-Q4_K_M.gguf")]
    [InlineData("bench --rep", "--repetitions")]
    public async Task Completion_PowerShell_OffersWords(string line, string expected)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/env"), "This machine has no env.");
        await RunAsync("pull", "hf:owner/repo");
        using PowerShell shell = PowerShell.Create(InitialSessionState.CreateDefault2());
        shell.AddScript($$"""
            function llama-provider { env 'LLAMA_CACHE={{Cache}}' '{{Dotnet}}' '{{Program}}' @args }
            {{Snippet("powershell")}}
            """).Invoke();
        Assert.Empty(shell.Streams.Error);
        shell.Commands.Clear();

        string commandLine = $"llama-provider {line}";
        CommandCompletion completion = CommandCompletion.CompleteInput(commandLine, commandLine.Length, options: null, shell);

        Assert.Equal([expected], completion.CompletionMatches.Select(static match => match.CompletionText));
    }

    private static string Snippet(string language) => Document.Split($"```{language}\n")[1].Split("```")[0];

    private async Task AssertCompletesAsync(string shell, string line, string expected, Func<string, string> complete)
    {
        Assert.SkipUnless(File.Exists($"/usr/bin/{shell}") || File.Exists($"/bin/{shell}"), $"This machine has no {shell}.");
        await RunAsync("pull", "hf:owner/repo");
        string commandLine = $"llama-provider {line}";

        var start = new ProcessStartInfo(shell, ["-c", $$"""
            compdef() { :; }
            llama-provider() { '{{Dotnet}}' '{{Program}}' "$@"; }
            {{Snippet(shell)}}
            {{complete(commandLine)}}
            """])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["LLAMA_CACHE"] = Cache;
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.Equal(expected, output.TrimEnd('\n'));
    }
}
