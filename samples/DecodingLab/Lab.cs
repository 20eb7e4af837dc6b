using LlamaProvider;
using LlamaProvider.Chat;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Guidance;
using LlamaProvider.Options;
using LlamaProvider.Scoring;
using LlamaProvider.Tracing;
using Microsoft.Extensions.AI;

namespace DecodingLab;

/// <summary>A loaded model that answers with a trace.</summary>
internal sealed class Lab : IAsyncDisposable
{
    /// <summary>The name of the draft model, where there is one.</summary>
    public const string Draft = "draft";

    /// <summary>The name of the token guide and of the answer scorer that like happy endings.</summary>
    public const string Happy = "happy";

    private const int MostTokens = 120;

    private Lab(LabOptions options, LlamaEngine engine) => (Options, Engine, Client) = (options, engine, engine.CreateChatClient());

    public LabOptions Options { get; }

    public LlamaEngine Engine { get; }

    public LlamaChatClient Client { get; }

    /// <exception cref="LabException">A file is not there.</exception>
    public static async Task<Lab> LoadAsync(LabOptions options, IProgress<float>? progress, CancellationToken cancellationToken)
    {
        Require("--model", options.ModelPath);
        if (options.Draft is { } draft)
        {
            Require("--draft", draft);
        }

        return new Lab(options, await LlamaEngine.LoadAsync(EngineOptions(options), progress, cancellationToken));
    }

    /// <summary>The options of the lab's engine; chapters that compare engines change one value.</summary>
    public static LlamaEngineOptions EngineOptions(LabOptions options)
    {
        var engine = new LlamaEngineOptions
        {
            ModelPath = options.ModelPath,
            ContextLength = 4096,
        };
        if (options.Draft is { } draft)
        {
            engine.DraftModels[Draft] = draft;
        }

        engine.TokenGuides[Happy] = TokenGuides.FromClassifier(Happiness.OfBeginning);
        engine.AnswerScorers[Happy] = AnswerScorers.FromFunction(Happiness.OfText);
        return engine;
    }

    /// <summary>The user's prompt, or the chapter's own.</summary>
    public string PromptOr(string own) => Options.Prompt ?? own;

    /// <summary>Fresh options with the seed of this run.</summary>
    public ChatOptions Request(int maxTokens = MostTokens) => new() { Seed = Options.Seed, MaxOutputTokens = maxTokens };

    /// <summary>Asks with a trace.</summary>
    public Task<LabAnswer> AskAsync(string name, string prompt, ChatOptions options, CancellationToken cancellationToken, TraceLevel level = TraceLevel.Stages, int top = 50) =>
        AskAsync(name, [new ChatMessage(ChatRole.User, prompt)], options, cancellationToken, level, top);

    /// <summary>Continues a conversation with a trace.</summary>
    public async Task<LabAnswer> AskAsync(string name, IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken, TraceLevel level = TraceLevel.Stages, int top = 50)
    {
        options.CaptureTrace(level, top);
        ChatResponse response = await Client.GetResponseAsync(messages, options, cancellationToken);
        return new LabAnswer(name, messages[^1].Text, response, response.GetTrace());
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Engine.DisposeAsync();
    }

    private static void Require(string option, string path)
    {
        if (!File.Exists(path))
        {
            throw new LabException($"{option} is '{path}', but there is no such file. Name a model in GGUF form, or leave the option out for the one that ships with this sample.");
        }
    }
}
