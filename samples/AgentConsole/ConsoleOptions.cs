using LlamaProvider;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace AgentConsole;

/// <summary>What the command line asks for. A value that is not set is left to the library and the model.</summary>
internal sealed record ConsoleOptions
{
    /// <summary>The model that ships with this repository; the build puts it beside the program.</summary>
    public static string DefaultModelPath { get; } = Path.Combine(AppContext.BaseDirectory, "models", "pocket-chat.Q8_0.gguf");

    public string ModelPath { get; init; } = DefaultModelPath;

    public string? Prompt { get; init; }

    public string? System { get; init; }

    public int? MaxTokens { get; init; }

    public float? Temperature { get; init; }

    public SamplerPipeline? Samplers { get; init; }

    public long? Seed { get; init; }

    public int? ContextLength { get; init; }

    public int? Threads { get; init; }

    public bool Verbose { get; init; }

    // A step of the tiny default model takes less time than threads need to meet, and far less when other programs keep the processors busy.
    private int? DefaultThreads => ModelPath == DefaultModelPath ? 1 : null;

    public LlamaEngineOptions ToEngineOptions(ILoggerFactory? loggerFactory) => new()
    {
        ModelPath = ModelPath,
        ContextLength = ContextLength,
        Threads = Threads ?? DefaultThreads,
        LoggerFactory = loggerFactory,
    };

    public ChatOptions ToChatOptions()
    {
        var options = new ChatOptions { MaxOutputTokens = MaxTokens, Temperature = Temperature, Seed = Seed };
        return Samplers is null ? options : options.UseSamplers(Samplers);
    }
}
