using System.Runtime.InteropServices;
using LlamaProvider.TestSupport;

namespace AgentConsole.Tests;

/// <summary>The program without a runtime beside it: compiled to native code, and trimmed into one file. A warning of the trimmer or the compiler is an error of the build.</summary>
public sealed class PublishedTests(ITestOutputHelper output) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("published-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Publish_AsNativeCodeAndAsOneFile_AnswersAndCallsTools()
    {
        Assert.SkipWhen(OperatingSystem.IsLinux() && !HasLinker(), "There is neither clang nor gcc, which native code is linked with.");
        foreach (string[] properties in (string[][])[["PublishAot"], ["PublishSingleFile", "PublishTrimmed"]])
        {
            string published = Path.Combine(_folder.FullName, properties[0]);
            await PublishAsync([.. properties.Select(static property => $"-p:{property}=true"), "--self-contained", "-o", published]);

            string program = Path.Combine(published, OperatingSystem.IsWindows() ? "AgentConsole.exe" : "AgentConsole");
            Assert.False(File.Exists(Path.Combine(published, "AgentConsole.dll")));
            await AssertSameAsync(program, "--prompt", "What is the capital of France?");
            await AssertSameAsync(program, "--prompt", "What is 12 times 7?", "--tools", "calculator,files", "--folder", Path.Combine(TestFiles.RepositoryRoot, "models"), "--temperature", "0");
            await AssertSameAsync(
                program, "--prompt", "Give a name.", "--temperature", "0", "--schema", """{"type":"object","properties":{"name":{"type":"string","maxLength":9}},"required":["name"],"additionalProperties":false}""");
        }
    }

    private static bool HasLinker() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(static folder => File.Exists(Path.Combine(folder, "clang")) || File.Exists(Path.Combine(folder, "gcc")));

    private async Task AssertSameAsync(string program, params string[] arguments)
    {
        // Said as it happens: of a process whose last word is a minute old when it ends, the runner thinks that it crashed.
        output.WriteLine($"{Path.GetRelativePath(_folder.FullName, program)} {string.Join(' ', arguments)}");
        ProcessResult usual = await AgentConsoleProcess.RunAsync(input: null, arguments);
        Assert.Equal(ExitCodes.Success, usual.ExitCode);
        Assert.Equal(usual, await AgentConsoleProcess.RunProgramAsync(program, arguments));
    }

    /// <summary>Builds in a folder of its own, beside builds of other tests. The analyzers have run before; what the compiler of native code and the trimmer find does not come from them.</summary>
    private async Task PublishAsync(string[] arguments)
    {
        ProcessResult result = await AgentConsoleProcess.RunProgramAsync(
            AgentConsoleProcess.Dotnet,
            ["publish", Path.Combine(TestFiles.RepositoryRoot, "samples", "AgentConsole"), "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "--artifacts-path", Path.Combine(_folder.FullName, "built"), "--nologo", "-p:RunAnalyzers=false", "-p:PublishReadyToRun=false", .. arguments]);
        Assert.SkipWhen(result.Output.Contains("NU1101", StringComparison.Ordinal), "The package feed has no compiler for native code.");
        Assert.True(result.ExitCode == 0 && !result.Output.Contains("warning", StringComparison.Ordinal), result.Output + result.Error);
    }
}
