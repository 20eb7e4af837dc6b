using System.Text.Json;
using AgentConsole.Tools;
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

    /// <summary>Names of <see cref="ToolSet.Names"/>.</summary>
    public IReadOnlyList<string> Tools { get; init; } = [];

    /// <summary>The folder that the tool <c>files</c> looks into.</summary>
    public string Folder { get; init; } = ".";

    /// <summary>Command lines of MCP servers.</summary>
    public IReadOnlyList<string> McpCommands { get; init; } = [];

    public ApprovalRule Approval { get; init; }

    /// <summary>The JSON schema of every answer.</summary>
    public JsonElement? Schema { get; init; }

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

    /// <param name="tools">What the model may call.</param>
    public ChatOptions ToChatOptions(params IReadOnlyList<AITool> tools)
    {
        var options = new ChatOptions { MaxOutputTokens = MaxTokens, Temperature = Temperature, Seed = Seed, Tools = tools.Count == 0 ? null : [.. tools] };
        options = Samplers is null ? options : options.UseSamplers(Samplers);
        return Schema is { } schema ? options.UseJsonSchema(schema) : options;
    }
}
