using System.Diagnostics;
using System.IO.Compression;
using System.Runtime.InteropServices;
using LlamaProvider.TestSupport;

namespace LlamaProvider.ModelTests.Native;

/// <summary>The packages as users get them: packed, restored into a new project, and run.</summary>
public sealed class PackageTests : IDisposable
{
    private static readonly string Configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    // Of its own, so that the cache of packages cannot hold an older one.
    private readonly string _version = $"0.1.0-test.{Guid.NewGuid():N}";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("packages-");

    [Fact]
    public async Task Packages_RestoredIntoANewProject_Answer()
    {
        string feed = Path.Combine(_folder.FullName, "feed");
        foreach (string project in new[] { "LlamaProvider.Decoding", "LlamaProvider", "LlamaProvider.SemanticKernel" })
        {
            await RunAsync("pack", Path.Combine(TestFiles.RepositoryRoot, "src", project), "--no-build", "-c", Configuration, "-o", feed, $"-p:PackageVersion={_version}", "--nologo");
        }

        // An application that brings another runtime, such as LLamaSharp, must not get ours too.
        using (ZipArchive package = await ZipFile.OpenReadAsync(Path.Combine(feed, $"LlamaProvider.{_version}.nupkg")))
        {
            Assert.DoesNotContain(package.Entries, entry => entry.FullName.Contains("llama.", StringComparison.Ordinal) || entry.FullName.Contains("ggml", StringComparison.Ordinal));
        }

        string runtime = RuntimeInformation.RuntimeIdentifier;
        await RunAsync("pack", Path.Combine(TestFiles.RepositoryRoot, "native", "package"), "-o", feed, $"-p:PackageVersion={_version}", $"-p:LlamaPackRuntimes={runtime}", "--nologo");
        await WriteProjectAsync(feed);

        string output = await RunAsync("run", "--project", _folder.FullName);

        Assert.Contains("The capital of France is Paris.", output);
        Assert.Contains("LlamaProvider.SemanticKernel", output);
    }

    public void Dispose()
    {
        string cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        foreach (string package in Directory.Exists(cache) ? Directory.GetDirectories(cache, "llamaprovider*") : [])
        {
            string stored = Path.Combine(package, _version);
            if (Directory.Exists(stored))
            {
                Directory.Delete(stored, recursive: true);
            }
        }

        _folder.Delete(recursive: true);
    }

    private async Task WriteProjectAsync(string feed)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "nuget.config"), $"""
            <configuration><packageSources><add key="packed" value="{feed}" /></packageSources></configuration>
            """);
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "Directory.Build.props"), "<Project />");
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "App.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
              <ItemGroup>
                <PackageReference Include="LlamaProvider" Version="{_version}" />
                <PackageReference Include="LlamaProvider.Backend.Cpu" Version="{_version}" />
                <PackageReference Include="LlamaProvider.SemanticKernel" Version="{_version}" />
              </ItemGroup>
            </Project>
            """);
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "Program.cs"), $"""
            using LlamaProvider;
            using Microsoft.Extensions.AI;

            await using LlamaEngine engine = await LlamaEngine.LoadAsync(new() {"{"} ModelPath = @"{TestFiles.PocketChat}" {"}"});
            Console.WriteLine(await engine.CreateChatClient().GetResponseAsync("What is the capital of France?"));
            Console.WriteLine(typeof(LlamaProvider.SemanticKernel.LlamaPromptExecutionSettings).Assembly.GetName().Name);
            """);
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments) { RedirectStandardOutput = true };
        start.Environment.Remove("MSBuildSDKsPath");

        // The natives have to come from the package.
        start.Environment.Remove("LLAMA_NATIVE_DIR");
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', arguments)}\n{output}");
        return output;
    }
}
