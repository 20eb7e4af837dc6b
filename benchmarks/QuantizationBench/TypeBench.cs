using System.Globalization;
using LlamaProvider.Benchmarks.Support;
using LlamaProvider.Chat;
using LlamaProvider.Models.Quantization;
using LlamaProvider.Perplexity;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Benchmarks.Quantization;

/// <summary>Measures the types of one model against its floats.</summary>
internal sealed class TypeBench(QuantizedFiles files, BenchmarkOptions options, BenchmarkReport report)
{
    private const string Peer = "F32";

    private static readonly QuantizationType[] Types =
    [
        QuantizationType.F16, QuantizationType.Q8_0, QuantizationType.Q6_K, QuantizationType.Q5_K_M, QuantizationType.Q4_K_M, QuantizationType.Q4_0, QuantizationType.Q3_K_M, QuantizationType.Q2_K,
    ];

    private static readonly QuantizationType[] QuickTypes = [QuantizationType.Q8_0, QuantizationType.Q4_K_M, QuantizationType.Q2_K];

    private static readonly string Conversations = File.ReadAllText(Path.Combine(BenchmarkOptions.RepositoryRoot, "models", "conversations.txt"));

    public async Task RunAsync()
    {
        string path = await files.MakeFloatsAsync();
        report.Models[files.Name] = $"F32 of {Path.GetFileName(files.Source)}";
        await using LlamaEngine floats = await LoadAsync(path);
        PerplexityResult expected = await MeasureAsync(floats);
        foreach (QuantizationType type in options.Quick ? QuickTypes : Types)
        {
            QuantizationResult result = await files.MakeAsync(path, type);
            await using LlamaEngine engine = await LoadAsync(result.Path);
            AddSize(result);
            AddPerplexity(type, await MeasureAsync(engine), expected);
            await AddSpeedAsync("decode", type, engine, floats, DecodeAsync);
            await AddSpeedAsync("prefill", type, engine, floats, PrefillAsync);
        }
    }

    private Task<LlamaEngine> LoadAsync(string path) => LlamaEngine.LoadAsync(
        new() { ModelPath = path, ContextLength = 2048, Threads = options.Threads, PrefixCacheSequences = 0, Sequences = 4, HiddenStateTokens = 256 });

    private Task<PerplexityResult> MeasureAsync(LlamaEngine engine) =>
        engine.PerplexityAsync(Conversations, new() { ControlTokens = true, MaxWindows = options.Quick ? 4 : 16 });

    private void AddSize(QuantizationResult result)
    {
        double ratio = result.InputBytes / (double)result.OutputBytes;
        string bits = result.BitsPerWeight.ToString("0.00", CultureInfo.InvariantCulture);
        report.Rows.Add(new BenchmarkRow(
            $"file, {result.Type} ({bits} bits a weight), {files.Name}", result.OutputBytes / 1e6, Peer, result.InputBytes / 1e6, "MB", ratio, [ratio, ratio]));
    }

    /// <summary>The spread is one standard error of ours; the windows are the same, so much of it is common to both.</summary>
    private void AddPerplexity(QuantizationType type, PerplexityResult ours, PerplexityResult floats)
    {
        double[] spread = [floats.Perplexity / (ours.Perplexity + ours.Uncertainty), floats.Perplexity / (ours.Perplexity - ours.Uncertainty)];
        report.Rows.Add(new BenchmarkRow(
            $"perplexity over {ours.ScoredTokens} tokens, {type}, {files.Name}", ours.Perplexity, Peer, floats.Perplexity, "", floats.Perplexity / ours.Perplexity, spread));
    }

    private async Task AddSpeedAsync(string figure, QuantizationType type, LlamaEngine engine, LlamaEngine floats, Func<LlamaEngine, Task<double>> measure)
    {
        (double[] ours, double[] peer) = await Comparison.AlternateAsync(options.Rounds, () => measure(engine), () => measure(floats));
        report.Rows.Add(Comparison.ToRow($"{figure}, {type}, {files.Name}", Peer, "tok/s", higherIsBetter: true, ours, peer));
    }

    private static async Task<double> DecodeAsync(LlamaEngine engine)
    {
        using LlamaChatClient client = engine.CreateChatClient();
        return await Comparison.RateAsync(
            async () => (int)(await client.GetResponseAsync("Tell me a story about a girl.", new ChatOptions { Temperature = 0, MaxOutputTokens = 32 })).Usage!.OutputTokenCount!, repeats: 1);
    }

    private static async Task<double> PrefillAsync(LlamaEngine engine)
    {
        using LlamaChatClient client = engine.CreateChatClient();
        return await Comparison.RateAsync(
            async () => (int)(await client.GetResponseAsync(Conversations[..1500], new ChatOptions { Temperature = 0, MaxOutputTokens = 1 })).Usage!.InputTokenCount!, repeats: 1);
    }
}
