using LlamaProvider.Chat;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Options;
using LlamaProvider.Templates;
using LlamaProvider.TestSupport.Scripted;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Chat;

/// <summary>A chat client on a scripted model that says back what it was asked.</summary>
public abstract class ScriptedChatTests : IDisposable
{
    protected static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    protected ScriptedModel Model { get; } = ScriptedModel.Answering(ScriptedVocabulary.Bytes(), Answer);

    protected LlamaEngine Engine { get; }

    protected ScriptedChatTests() => Engine = CreateEngine();

    public void Dispose()
    {
        Engine.Dispose();
        GC.SuppressFinalize(this);
    }

    private static string Answer(string prompt) => prompt switch
    {
        _ when prompt.EndsWith("user:forever<turn>", StringComparison.Ordinal) => new string('x', 3000),
        _ when prompt.EndsWith("user:show<turn>", StringComparison.Ordinal) => prompt,
        _ => $"You said: {prompt[(prompt.LastIndexOf(':') + 1)..^"<turn>".Length]} 🦙",
    };

    protected LlamaEngine CreateEngine(int? contextLength = null, int? prefixCacheSequences = null) => LlamaEngine.Create(Model, new LlamaEngineOptions
    {
        ContextLength = contextLength,
        Sequences = 4,
        PrefixCacheSequences = prefixCacheSequences,
        BatchTokens = 64,
        TimeProvider = new FixedTime(Now),
    });

    protected async Task<ChatResponse> Respond(
        string question, ChatOptions? options = null, bool streaming = false, CancellationToken cancellationToken = default)
    {
        using LlamaChatClient client = Engine.CreateChatClient();
        return streaming
            ? await client.GetStreamingResponseAsync(question, options, cancellationToken).ToChatResponseAsync(cancellationToken)
            : await client.GetResponseAsync(question, options, cancellationToken);
    }

    protected async Task<List<ChatResponseUpdate>> Updates(string question, CancellationToken cancellationToken = default)
    {
        // Room for one token makes each its own update, however fast the reader is.
        using LlamaChatClient client = Engine.CreateChatClient(new LlamaChatClientOptions { StreamCapacity = 1 });
        var updates = new List<ChatResponseUpdate>();
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync(question, cancellationToken: cancellationToken))
        {
            updates.Add(update);
        }

        return updates;
    }

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
