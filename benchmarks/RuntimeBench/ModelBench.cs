using System.Diagnostics;
using LlamaProvider.Benchmarks.Support;
using LlamaProvider.Chat;
using LlamaProvider.Native;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Benchmarks.Runtime;

/// <summary>One model's figures: the same requests through <see cref="LlamaChatClient"/> and through <see cref="BareLoop"/>, in turn.</summary>
internal sealed class ModelBench(string path, BenchmarkOptions options, BenchmarkReport report)
{
    private const int BatchTokens = 512;
    private const int ContextLength = 2048;
    private const string Peer = "llama.cpp loop";
    private static readonly string[] Topics = ["a dragon", "the sea", "a robot", "winter"];

    public async Task RunAsync()
    {
        string name = Path.GetFileNameWithoutExtension(path);
        using LlamaCppModel model = LlamaCppModel.Load(path, new LlamaCppModelOptions(), null, CancellationToken.None);
        int threads = options.Threads ?? ContextPlan.DefaultThreads(model);
        await using LlamaEngine engine = LlamaEngine.Create(
            model,
            // The peer computes every prompt, so ours must too.
            new LlamaEngineOptions { ContextLength = ContextLength, BatchTokens = BatchTokens, Threads = threads, PrefixCacheSequences = 0 });
        using LlamaChatClient client = engine.CreateChatClient();
        using var bare = new BareLoop(model, ContextLength, BatchTokens, threads);
        var prompts = new ChatPromptBuilder(model, null, TimeProvider.System);
        report.Models[name] = $"{model.Description.ParameterCount:N0} parameters, {model.Description.ByteCount:N0} bytes, {threads} threads";

        int maxTokens = options.Quick ? 48 : 96;
        ChatMessage[][] questions = [.. Topics.Select(topic => new ChatMessage[] { new(ChatRole.User, $"Tell me a story about {topic}.") })];
        await CheckSameAsync(client, bare, prompts, questions[0], maxTokens);

        await CompareDecodeAsync($"decode, whole answer, {name}", questions, maxTokens, streaming: false);
        await CompareDecodeAsync($"decode, streamed, {name}", questions, maxTokens, streaming: true);
        await ComparePrefillAsync($"prefill, {name}");
        await MeasureAllocationAsync(client, questions[0], maxTokens, name);

        async Task CompareDecodeAsync(string figure, ChatMessage[][] asked, int limit, bool streaming)
        {
            Func<Task<int>> ask = () => AskAllAsync(client, asked, limit, streaming);
            Func<Task<int>> loop = () => Task.FromResult(asked.Sum(question => bare.Generate(prompts.Build(question, null), limit).Count));
            int repeats = await CalibrateAsync(loop);
            (double[] ours, double[] peer) = await Comparison.AlternateAsync(
                options.Rounds, () => Comparison.RateAsync(ask, repeats), () => Comparison.RateAsync(loop, repeats));
            report.Rows.Add(Comparison.ToRow(figure, Peer, "tok/s", higherIsBetter: true, ours, peer));
        }

        async Task ComparePrefillAsync(string figure)
        {
            ChatMessage[] question = [new(ChatRole.User, string.Concat(Enumerable.Range(0, 400).Select(i => $"word {i % 10} ")))];
            int tokens = prompts.Build(question, null).Count;
            Func<Task<int>> ask = async () => (int)(await client.GetResponseAsync(question, new ChatOptions { MaxOutputTokens = 1 })).Usage!.InputTokenCount!.Value;
            Func<Task<int>> loop = () =>
            {
                bare.Generate(prompts.Build(question, null), 1);
                return Task.FromResult(tokens);
            };
            int repeats = await CalibrateAsync(loop);
            (double[] ours, double[] peer) = await Comparison.AlternateAsync(
                options.Rounds, () => Comparison.RateAsync(ask, repeats), () => Comparison.RateAsync(loop, repeats));
            report.Rows.Add(Comparison.ToRow($"{figure}, {tokens} tokens", Peer, "tok/s", higherIsBetter: true, ours, peer));
        }
    }

    /// <summary>Both sides must do the same work, or the comparison says nothing.</summary>
    private static async Task CheckSameAsync(LlamaChatClient client, BareLoop bare, ChatPromptBuilder prompts, ChatMessage[] question, int maxTokens)
    {
        int peer = bare.Generate(prompts.Build(question, null), maxTokens).Count;
        int ours = await AskAllAsync(client, [question], maxTokens, streaming: false);
        if (ours != peer)
        {
            throw new InvalidOperationException($"The client generated {ours} tokens and the bare loop {peer} for the same prompt.");
        }
    }

    private static async Task<int> AskAllAsync(LlamaChatClient client, ChatMessage[][] questions, int maxTokens, bool streaming)
    {
        long tokens = 0;
        var settings = new ChatOptions { MaxOutputTokens = maxTokens, Temperature = 0 };
        foreach (ChatMessage[] question in questions)
        {
            if (streaming)
            {
                await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync(question, settings))
                {
                    tokens += update.Contents is [UsageContent usage] ? usage.Details.OutputTokenCount!.Value : 0;
                }
            }
            else
            {
                tokens += (await client.GetResponseAsync(question, settings)).Usage!.OutputTokenCount!.Value;
            }
        }

        return (int)tokens;
    }

    /// <summary>How often to repeat a run so that a round is long enough for the machine's short disturbances to even out.</summary>
    private async Task<int> CalibrateAsync(Func<Task<int>> run)
    {
        await run();
        long start = Stopwatch.GetTimestamp();
        await run();
        double wanted = options.Quick ? 0.2 : 0.6;
        return Math.Clamp((int)(wanted / Stopwatch.GetElapsedTime(start).TotalSeconds), 1, 50);
    }

    /// <summary>Managed bytes a token, from the difference between a long and a short answer, so that what a request costs once drops out.</summary>
    private async Task MeasureAllocationAsync(LlamaChatClient client, ChatMessage[] question, int maxTokens, string name)
    {
        foreach (bool streaming in new[] { false, true })
        {
            double bytes = await AllocatedAsync(maxTokens) - await AllocatedAsync(maxTokens / 2);
            report.Rows.Add(new BenchmarkRow(
                $"managed bytes a token, {(streaming ? "streamed" : "whole answer")}, {name}", bytes / (maxTokens - (maxTokens / 2)), null, null, "B/tok", null, null, "no peer"));

            async Task<double> AllocatedAsync(int limit)
            {
                var samples = new double[5];
                for (int i = -1; i < samples.Length; i++)
                {
                    long before = GC.GetTotalAllocatedBytes(precise: true);
                    await AskAllAsync(client, [question], limit, streaming);
                    if (i >= 0)
                    {
                        samples[i] = GC.GetTotalAllocatedBytes(precise: true) - before;
                    }
                }

                return Comparison.Median(samples);
            }
        }
    }
}
