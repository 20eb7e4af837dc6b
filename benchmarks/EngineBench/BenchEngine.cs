using System.Text;
using LlamaProvider.Benchmarks.Support;
using LlamaProvider.Chat;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Native;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Benchmarks.Engine;

/// <summary>A model with an engine and a client on it, as every figure here uses them.</summary>
internal sealed class BenchEngine : IAsyncDisposable
{
    public const int BatchTokens = 512;
    public const int Sequences = 16;

    private static readonly string[] Topics = ["a dragon", "the sea", "a robot", "winter"];

    private readonly LlamaEngine _engine;

    public BenchEngine(string path, BenchmarkOptions options, int contextLength, int prefixCacheSequences)
    {
        Name = Path.GetFileNameWithoutExtension(path);
        Model = LlamaCppModel.Load(path, new LlamaCppModelOptions(), null, CancellationToken.None);
        Threads = options.Threads ?? ContextPlan.DefaultThreads(Model);
        _engine = LlamaEngine.Create(Model, new LlamaEngineOptions
        {
            ContextLength = contextLength,
            BatchTokens = BatchTokens,
            Sequences = Sequences,
            Threads = Threads,
            PrefixCacheSequences = prefixCacheSequences,
        });
        Client = _engine.CreateChatClient();
    }

    public string Name { get; }

    public LlamaCppModel Model { get; }

    public int Threads { get; }

    public LlamaChatClient Client { get; }

    public static ChatMessage Story(int number) => new(ChatRole.User, $"Tell me a story about {Topics[number % Topics.Length]} and number {number}.");

    /// <summary>A text of about so many tokens that no other has at its beginning.</summary>
    public string Words(int tokens, int salt)
    {
        var text = new StringBuilder($"{salt}:");
        var encoded = new List<int>();
        for (int word = 0; encoded.Count < tokens; word++)
        {
            string next = $" word {((word * 7) + salt) % 10}";
            text.Append(next);
            Model.Tokenizer.EncodeText(Encoding.UTF8.GetBytes(next), encoded);
        }

        return text.ToString();
    }

    public static ChatOptions Greedy(int maxTokens) => new ChatOptions { MaxOutputTokens = maxTokens }.UseSamplers(SamplerPipeline.Deterministic);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _engine.DisposeAsync();
        Model.Dispose();
    }
}
