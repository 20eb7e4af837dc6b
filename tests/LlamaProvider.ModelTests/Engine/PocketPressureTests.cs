using System.Collections.Concurrent;
using LlamaProvider.Chat;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Options;
using LlamaProvider.TestSupport;
using Microsoft.Extensions.AI;

namespace LlamaProvider.ModelTests.Engine;

/// <summary>Many requests on a real model with little memory. The Debug build checks the engine's invariants after every step.</summary>
public sealed class PocketPressureTests
{
    /// <summary>Logits differ by about this much between batch shapes; where the best two are closer, either may win.</summary>
    private const float NearTie = 0.01f;

    private static readonly string[] Questions =
    [
        "Tell me a story about a dragon.", "What is the capital of France?", "Tell me a story about the sea.", "What is 3 plus 4?", "Tell me a story.", "Hello!",
        "Tell me a story about winter.", "What is the capital of Japan?",
    ];

    [Fact]
    public async Task Requests_JoiningAndLeavingABatch_AnswerAsAlone()
    {
        List<Recording> alone = [];
        await using (LlamaEngine roomy = await LoadAsync(contextLength: 1024, sequences: 1, prefixes: 0))
        {
            for (int i = 0; i < 16; i++)
            {
                alone.Add(await AskAsync(roomy, i));
            }
        }

        await using LlamaEngine tight = await LoadAsync(contextLength: 300, sequences: 5, prefixes: 4);
        Recording[] together = await Task.WhenAll(Enumerable.Range(0, 16).Select(async i =>
        {
            await Task.Delay(i * 3);
            return await AskAsync(tight, i);
        }));

        int compared = 0;
        foreach ((Recording first, Recording second) in alone.Zip(together))
        {
            int settled = first.Steps.TakeWhile(step => step.Margin > NearTie).Count();
            Assert.Equal(first.Steps.Take(settled).Select(step => step.Best), second.Steps.Take(settled).Select(step => step.Best));
            compared += settled;
        }

        Assert.True(compared > 200, $"Only {compared} tokens were compared.");
    }

    [Fact]
    public async Task Requests_ManyCancelledAndSlowlyRead_AllEndAndTheEngineIsFree()
    {
        var random = new Random(5);
        await using LlamaEngine engine = await LoadAsync(contextLength: 256, sequences: 4, prefixes: 3);
        int[] delays = [.. Enumerable.Range(0, 60).Select(_ => random.Next(0, 60))];
        int?[] cancelAfter = [.. Enumerable.Range(0, 60).Select(_ => random.Next(3) == 0 ? random.Next(1, 8) : (int?)null)];
        string[] answers = [.. await Task.WhenAll(Enumerable.Range(0, 60).Select(i => StreamAsync(engine, Questions[i % Questions.Length], delays[i], cancelAfter[i])))];

        Assert.All(answers, answer => Assert.True(answer == "cancelled" || answer.Length > 2, $"'{answer}'"));
        Assert.Contains("cancelled", answers);
        Assert.True(answers.Count(answer => answer.Contains("Paris", StringComparison.Ordinal)) >= 3);
        for (int tries = 0; engine.GetSnapshot() is not { RunningRequests: 0, WaitingRequests: 0 }; tries++)
        {
            Assert.True(tries < 500, "Requests are left.");
            await Task.Delay(10);
        }

        Assert.Equal("The capital of Spain is Madrid.", (await engine.CreateChatClient().GetResponseAsync("What is the capital of Spain?")).Text);
    }

    private static async Task<LlamaEngine> LoadAsync(int contextLength, int sequences, int prefixes)
    {
        var options = new LlamaEngineOptions
        {
            ModelPath = TestFiles.PocketChat,
            Threads = 1,
            ContextLength = contextLength,
            Sequences = sequences,
            BatchTokens = 64,
            PrefixCacheSequences = prefixes,
        };
        options.CustomSamplers["record"] = number => Recording.Of(number!.Value.GetString()!);
        return await LlamaEngine.LoadAsync(options);
    }

    private static async Task<Recording> AskAsync(LlamaEngine engine, int number)
    {
        string name = Guid.NewGuid().ToString();
        ChatOptions options = new ChatOptions { MaxOutputTokens = 40 }.UseSamplers(s => s.Custom("record", name).Greedy());
        using LlamaChatClient client = engine.CreateChatClient();
        await client.GetResponseAsync(Questions[number % Questions.Length], options);
        return Recording.Take(name);
    }

    private static async Task<string> StreamAsync(LlamaEngine engine, string question, int delay, int? cancelAfter)
    {
        await Task.Delay(delay);
        using var cancellation = new CancellationTokenSource();
        using LlamaChatClient client = engine.CreateChatClient(new LlamaChatClientOptions { StreamCapacity = 2 });
        string answer = "";
        int updates = 0;
        try
        {
            await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync(question, new ChatOptions { Temperature = 0, MaxOutputTokens = 40 }, cancellation.Token))
            {
                answer += update.Text;
                await Task.Delay(delay % 5);
                if (++updates == cancelAfter)
                {
                    await cancellation.CancelAsync();
                }
            }
        }
        catch (OperationCanceledException)
        {
            return "cancelled";
        }

        return answer;
    }

    /// <summary>The best token of each step and by how much it leads. A request that is computed again records the step it is at, not those before.</summary>
    private sealed class Recording : ICustomSampler
    {
        private static readonly ConcurrentDictionary<string, Recording> All = new();

        public List<(int Best, float Margin)> Steps { get; } = [];

        public static Recording Of(string name) => All.GetOrAdd(name, _ => new Recording());

        public static Recording Take(string name) => All.TryRemove(name, out Recording? recording) ? recording : throw new InvalidOperationException("Nothing was recorded.");

        public void Apply(in CustomSamplerContext context, ReadOnlySpan<int> tokens, Span<float> logits)
        {
            int best = 0;
            float second = float.NegativeInfinity;
            for (int i = 1; i < logits.Length; i++)
            {
                if (logits[i] > logits[best])
                {
                    (second, best) = (logits[best], i);
                }
                else
                {
                    second = MathF.Max(second, logits[i]);
                }
            }

            Steps.Add((tokens[best], logits[best] - second));
        }
    }
}
