using System.CommandLine;
using System.Diagnostics;
using LlamaProvider.TestSupport;

namespace LlamaProvider.Tool.Tests.Documentation;

/// <summary>docs/tool.md names every command and option, and its completion works.</summary>
public sealed class ToolDocumentationTests : ToolTest
{
    private static readonly string Document = DocumentedCode.Read("docs", "tool.md");

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

    private async Task AssertCompletesAsync(string shell, string line, string expected, Func<string, string> complete)
    {
        Assert.SkipUnless(File.Exists($"/usr/bin/{shell}") || File.Exists($"/bin/{shell}"), $"This machine has no {shell}.");
        await RunAsync("pull", "hf:owner/repo");
        string script = Document.Split($"```{shell}\n")[1].Split("```")[0];
        string commandLine = $"llama-provider {line}";
        string dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        string program = Path.Combine(AppContext.BaseDirectory, "LlamaProvider.Tool.dll");

        var start = new ProcessStartInfo(shell, ["-c", $$"""
            compdef() { :; }
            llama-provider() { '{{dotnet}}' '{{program}}' "$@"; }
            {{script}}
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
