using System.Diagnostics;
using System.Runtime.InteropServices;
using LlamaProvider.TestSupport;

namespace LlamaProvider.ModelTests.Native;

/// <summary>What the build says when it cannot bring llama.cpp's libraries: one sentence, with what to do.</summary>
public sealed class NativeRestoreTests
{
    [Fact]
    public async Task Build_UnknownBackEnd_NamesTheThree() => Assert.Contains(
        "LlamaBackend is 'metal', but must be cpu, vulkan or cuda; set it with -p:LlamaBackend=cpu.",
        await FailAsync("CheckLlamaBackend", "-p:LlamaBackend=metal"));

    [Fact]
    public async Task Build_PlatformWithoutPackage_SaysWhatToSet() => Assert.Contains(
        "There is no prebuilt llama.cpp for linux-riscv64 with back end 'cpu'; choose another with -p:LlamaBackend=cpu, or build llama.cpp yourself, " +
        "name its folder in LLAMA_NATIVE_DIR and build with -p:LlamaNativeRestore=false.",
        await FailAsync("CheckLlamaBackend", "-p:_LlamaSystem=linux", "-p:_LlamaArchitecture=riscv64"));

    [Fact]
    public async Task Build_WithoutNpm_SaysWhatToInstall()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The empty search path of this test is a Unix one.");
        string stamp = Path.Combine(Path.GetTempPath(), $"stamp-{Guid.NewGuid():N}");

        Assert.Contains(
            "npm was not found, and llama.cpp's libraries come from npm packages; install Node.js 20 or later, or name a folder with llama.cpp in LLAMA_NATIVE_DIR " +
            "and build with -p:LlamaNativeRestore=false.",
            await FailAsync("RestoreLlamaNative", $"-p:LlamaNativeStamp={stamp}"));
    }

    [Fact]
    public void LockFile_EveryPackage_HasIntegrityAndNoAddress()
    {
        string file = File.ReadAllText(Path.Combine(TestFiles.RepositoryRoot, "native", "package-lock.json"));

        Assert.DoesNotContain("http", file);
        Assert.Equal(10, file.Split("\"integrity\": \"sha512-").Length - 1);
    }

    private static async Task<string> FailAsync(string target, params string[] properties)
    {
        string project = Path.Combine(TestFiles.RepositoryRoot, "src", "LlamaProvider", "LlamaProvider.csproj");
        string dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        var start = new ProcessStartInfo(dotnet, ["msbuild", project, $"-t:{target}", "-nologo", .. properties]) { RedirectStandardOutput = true };

        // The build's commands need a shell; nothing else is to be found.
        DirectoryInfo path = Directory.CreateTempSubdirectory("path");
        if (!OperatingSystem.IsWindows())
        {
            File.CreateSymbolicLink(Path.Combine(path.FullName, "sh"), "/bin/sh");
        }

        start.Environment["PATH"] = path.FullName;
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        path.Delete(recursive: true);
        Assert.NotEqual(0, process.ExitCode);
        return output;
    }
}
