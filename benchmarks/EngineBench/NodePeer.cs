using System.Diagnostics;
using System.Text.Json;
using LlamaProvider.Benchmarks.Support;

namespace LlamaProvider.Benchmarks.Engine;

/// <summary>node-llama-cpp in a process of its own, over the same model and the same prompts as tokens. See <c>benchmarks/peers/node</c>.</summary>
internal sealed class NodePeer : IDisposable
{
    public const string Name = "node-llama-cpp 3.22.1";

    private readonly Process _process;

    private NodePeer(Process process) => _process = process;

    private static string Folder => Path.Combine(BenchmarkOptions.RepositoryRoot, "benchmarks", "peers", "node");

    /// <summary>Starts the peer, or says why it cannot run.</summary>
    public static async Task<(NodePeer? Peer, string? Reason)> StartAsync(string model, int contextLength, int threads)
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules")))
        {
            return (null, "not installed: npm install --ignore-scripts in benchmarks/peers/node");
        }

        var start = new ProcessStartInfo("node", ["throughput.mjs", Path.GetFullPath(model), $"{BenchEngine.Sequences}", $"{contextLength}", $"{threads}"])
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        try
        {
            Process process = Process.Start(start)!;
            string? ready = await process.StandardOutput.ReadLineAsync();
            return ready is null ? (null, "it ended at once") : (new NodePeer(process), null);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (null, "node is not installed");
        }
    }

    /// <summary>Tokens per second of answering all prompts at once, some times.</summary>
    public async Task<double> RateAsync(IReadOnlyList<List<int>> prompts, int maxTokens, int repeats)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(new { prompts, maxTokens, repeats }));
        await _process.StandardInput.FlushAsync();
        JsonElement result = JsonElement.Parse((await _process.StandardOutput.ReadLineAsync())!);
        return result.GetProperty("tokens").GetInt32() / result.GetProperty("seconds").GetDouble();
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit(10_000);
        _process.Dispose();
    }
}
