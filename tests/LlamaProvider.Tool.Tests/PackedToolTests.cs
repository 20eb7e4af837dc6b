using System.Diagnostics;
using System.Text.Json;
using LlamaProvider.TestSupport;

namespace LlamaProvider.Tool.Tests;

/// <summary>The tool as users get it: packed, installed, and run.</summary>
public sealed class PackedToolTests : IDisposable
{
    private const string Version = "0.1.0-test";
    private static readonly string Configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tool-");

    [Fact]
    public async Task Tool_PackedAndInstalled_FindsLlamaCppAndAnswers()
    {
        string feed = Path.Combine(_folder.FullName, "feed");
        string installed = Path.Combine(_folder.FullName, "installed");
        string config = Path.Combine(_folder.FullName, "nuget.config");
        await File.WriteAllTextAsync(config, $"""<configuration><packageSources><clear /><add key="packed" value="{feed}" /></packageSources></configuration>""", TestContext.Current.CancellationToken);
        await DotnetAsync("pack", Path.Combine(TestFiles.RepositoryRoot, "src", "LlamaProvider.Tool"), "--no-build", "-c", Configuration, "-o", feed, $"-p:PackageVersion={Version}", "--nologo");
        await DotnetAsync("tool", "install", "--tool-path", installed, "LlamaProvider.Tool", "--version", Version, "--configfile", config);
        string tool = Path.Combine(installed, OperatingSystem.IsWindows() ? "llama-provider.exe" : "llama-provider");

        string version = await RunAsync(tool, "--version");
        JsonElement diagnosis = JsonElement.Parse(await RunAsync(tool, "doctor", "--json", "--cache", Path.Combine(_folder.FullName, "cache")));
        string answer = await RunAsync(tool, "chat", "pocket-chat", "--prompt", "What is the capital of France?", "--temperature", "0");

        Assert.Matches(@"^\d+\.\d+\.\d+", version);
        Assert.StartsWith(_folder.FullName, diagnosis.GetProperty("llamaCpp").GetProperty("directory").GetString(), StringComparison.Ordinal);
        Assert.Equal("The capital of France is Paris.", answer.Trim());
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static Task<string> DotnetAsync(params string[] arguments) => RunAsync(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments);

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        start.Environment.Remove("MSBuildSDKsPath");

        // The natives have to come from the package.
        start.Environment.Remove("LLAMA_NATIVE_DIR");
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}\n{output}");
        return output;
    }
}
