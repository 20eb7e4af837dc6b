using System.Diagnostics;
using System.Text.Json;

namespace LlamaProvider.Tool.Tests.Commands;

/// <summary>Two programs that want the same model at once.</summary>
public sealed class ProcessesTests : ToolTest
{
    [Fact]
    public async Task Pull_SameFileByTwoProcesses_IsReadOnce()
    {
        // Long enough that the second one comes while the first reads.
        Hub.Intercept = async context =>
        {
            await Task.Delay(context.Request.Headers.Range == "bytes=0-0" ? 0 : 1_000);
            return false;
        };

        string[] outputs = await Task.WhenAll(PullAsync(), PullAsync());

        Assert.All(outputs, output => Assert.Equal(Path.Combine(Cache, "model.gguf"), JsonElement.Parse(output).GetProperty("path").GetString()));
        Assert.Equal(Hub.Content, await File.ReadAllBytesAsync(Path.Combine(Cache, "model.gguf"), TestContext.Current.CancellationToken));
        Assert.All(Hub.Requests.Where(static request => !request.IsProbe).GroupBy(static request => request.Range), static part => Assert.Single(part));
    }

    private async Task<string> PullAsync()
    {
        var start = new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [Path.Combine(AppContext.BaseDirectory, "LlamaProvider.Tool.dll"), "pull", Url, "--cache", Cache, "--json"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
        return output;
    }
}
