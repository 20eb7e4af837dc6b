using System.Globalization;
using System.Text.RegularExpressions;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Models.Info;
using LlamaProvider.Models.Memory;
using LlamaProvider.Models.Quantization;
using LlamaProvider.Native;
using LlamaProvider.Native.Logging;
using LlamaProvider.TestSupport;
using Microsoft.Extensions.Logging;

namespace LlamaProvider.ModelTests.Models;

/// <summary>Estimates against the sizes of the buffers that llama.cpp logs, and the rows of logits that can be read after a step with as many outputs as there may be.</summary>
public sealed partial class MemoryEstimateTests(QuantizerFolder folder) : IClassFixture<QuantizerFolder>
{
    private static readonly LlamaEngineOptions[] Options =
    [
        new(),
        new() { ContextLength = 512 },
        new() { ContextLength = 1000, Sequences = 1 },
        new() { ContextLength = 8192, KeyType = KvCacheType.Q8_0, ValueType = KvCacheType.Q8_0 },
        new() { ContextLength = 2048, KeyType = KvCacheType.F32, ValueType = KvCacheType.F32 },
        new() { ContextLength = 2048, KeyType = KvCacheType.Q4_0 },
        new() { BatchTokens = 64, Sequences = 4 },
        new() { BatchTokens = 2048, HiddenStateTokens = 256 },
        new() { ContextLength = 4096, FlashAttention = FlashAttention.Off },
    ];

    [Fact]
    public void Estimate_PocketModels_IsWithinFivePercentOfWhatIsUsed()
    {
        Check(TestFiles.PocketChat, map: true, Options);
        // Of a model of a megabyte, what lies between buffers is more than that when a step has few tokens.
        Check(TestFiles.PocketDraft, map: true, [.. Options.Where(options => options.BatchTokens > 64)]);
        Check(folder.Chat, map: true, Options);
    }

    [Theory]
    [InlineData("Q4_0")]
    [InlineData("Q4_K_M")]
    [InlineData("F16")]
    public async Task Estimate_OtherTypes_IsWithinFivePercentOfWhatIsUsed(string type)
    {
        string model = folder.File($"memory.{type}.gguf");
        await LlamaQuantizer.QuantizeAsync(folder.Chat, model, type, new() { Threads = 1 });

        // llama.cpp rearranges some of these for the processor; of a file that is mapped, the pages that were copied remain until they are needed elsewhere.
        Check(model, map: false, Options[0]);
    }

    [Fact]
    public void Estimate_SmolLM2_IsWithinFivePercentOfWhatIsUsed() =>
        Check(TestFiles.RequireModel("smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf"), map: true, Options[0], Options[1], Options[3], Options[6]);

    private static void Check(string path, bool map, params ReadOnlySpan<LlamaEngineOptions> all)
    {
        LlamaModelInfo info = LlamaModelInfo.Read(path);
        foreach (LlamaEngineOptions options in all)
        {
            var log = new BufferLog();
            using IDisposable connection = NativeLog.Add(log);
            using LlamaCppModel model = LlamaCppModel.Load(path, new LlamaCppModelOptions { MemoryMap = map }, null, CancellationToken.None);
            using IModelContext context = model.CreateContext(options.ToContextOptions(model) with { Threads = 1 });
            long used = log.Bytes + EvaluateAllOutputs(context);

            MemoryEstimate estimate = info.EstimateMemory(options);

            double ratio = estimate.TotalBytes / (double)used;
            TestContext.Current.TestOutputHelper?.WriteLine($"{Path.GetFileName(path)}: {100 * (ratio - 1):0.0} %");
            Assert.True(ratio is > 0.95 and < 1.05, $"{Path.GetFileName(path)}, context {options.ContextLength}: {estimate}; used {string.Join("; ", log.Buffers)}");
        }
    }

    /// <summary>Bytes of the rows of logits that can be read at once. llama.cpp logs the buffer that it begins with, for fewer, and not how it grows.</summary>
    private static long EvaluateAllOutputs(IModelContext context)
    {
        var batch = new ModelBatch();
        for (int position = 0; position < context.Limits.Outputs; position++)
        {
            batch.AddOutput(5, position, 0);
        }

        Assert.Equal(EvaluationStatus.Completed, context.Evaluate(batch));
        return batch.Count * (long)context.GetLogits(0).Length * sizeof(float);
    }

    /// <summary>Collects the buffers of one thread's calls; other tests log at the same time.</summary>
    private sealed partial class BufferLog : ILogger
    {
        private readonly int _thread = Environment.CurrentManagedThreadId;

        public Dictionary<string, double> Buffers { get; } = [];

        public long Bytes => (long)(Buffers.Values.Sum() * (1 << 20));

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            string line = formatter(state, exception);
            if (Environment.CurrentManagedThreadId == _thread && Size().Match(line) is { Success: true } match && !line.Contains("output buffer", StringComparison.Ordinal))
            {
                Buffers[match.Groups["name"].Value] = double.Parse(match.Groups["size"].ValueSpan, CultureInfo.InvariantCulture);
            }
        }

        [GeneratedRegex(@"(?<name>[\w.]+ +\w+) buffer size = +(?<size>[0-9.]+) MiB", RegexOptions.ExplicitCapture, 1000)]
        private static partial Regex Size();
    }
}
