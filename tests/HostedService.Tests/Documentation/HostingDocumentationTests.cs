using System.Diagnostics;
using LlamaProvider.TestSupport;

namespace HostedService.Tests.Documentation;

/// <summary>docs/hosting.md says what is so.</summary>
public sealed class HostingDocumentationTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(TestFiles.RepositoryRoot, "docs", "hosting.md")).ReplaceLineEndings("\n");

    [Fact]
    public async Task Program_AsWritten_AnswersAndStreams()
    {
        string program = (await File.ReadAllTextAsync(Path.Combine(TestFiles.RepositoryRoot, "tests", "HostingExample", "Program.cs"))).ReplaceLineEndings("\n");
        Assert.Contains($"```csharp\n{program}```", Document);
        Assert.True(program.Split('\n').Length < 20);

        using var service = Start("HostingExample");
        Uri address = await ListenAsync(service);
        using var http = new HttpClient { BaseAddress = address };

        Assert.Equal("The capital of France is Paris.", await http.GetStringAsync("/ask?question=What%20is%20the%20capital%20of%20France%3F"));
        string events = await http.GetStringAsync("/stream?question=What%20is%20the%20capital%20of%20France%3F");
        Assert.Equal("The capital of France is Paris.", string.Concat(events.Split('\n').Where(static line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(static line => line[6..])));
        Assert.Equal("Healthy", await http.GetStringAsync("/health"));
        service.Kill();
    }

    [Fact]
    public async Task Settings_InTheDocument_AreThoseOfTheSample()
    {
        string settings = (await File.ReadAllTextAsync(Path.Combine(TestFiles.RepositoryRoot, "samples", "HostedService", "appsettings.json"))).ReplaceLineEndings("\n");

        Assert.Contains($"```json\n{settings}```", Document);
        Assert.All(
            typeof(Configuration.ServiceOptions).GetProperties().Select(static property => property.Name), static name => Assert.Contains($"| `Service:{name}` |", Document));
    }

    private static Process Start(string project)
    {
        // .../tests/<this project>/bin/<configuration>/<framework>/
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        string program = Path.Combine(TestFiles.RepositoryRoot, "tests", project, "bin", output.Parent!.Name, output.Name, $"{project}.dll");
        var start = new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [program, "--urls", "http://127.0.0.1:0", "--Llama:ModelPath", TestFiles.PocketChat, "--Llama:Threads", "1", "--environment", "Production"])
        {
            RedirectStandardOutput = true,
        };
        return Process.Start(start)!;
    }

    private static async Task<Uri> ListenAsync(Process service)
    {
        const string Announcement = "Now listening on: ";
        while (await service.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1)) is { } line)
        {
            int at = line.IndexOf(Announcement, StringComparison.Ordinal);
            if (at >= 0)
            {
                _ = service.StandardOutput.ReadToEndAsync();
                return new Uri(line[(at + Announcement.Length)..]);
            }
        }

        throw new InvalidOperationException("The program ended before it listened.");
    }
}
