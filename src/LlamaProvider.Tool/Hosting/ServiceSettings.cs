using System.Globalization;
using LlamaProvider.Models.Info;

namespace LlamaProvider.Tool.Hosting;

/// <summary>What <c>serve</c> is asked for, as settings of <c>samples/HostedService</c> (docs/hosting.md).</summary>
internal sealed record ServiceSettings
{
    public required string ModelPath { get; init; }

    /// <summary>The model's name in requests; the file's, without its ending, when <see langword="null"/>.</summary>
    public string? Name { get; init; }

    public string Host { get; init; } = "localhost";

    public int Port { get; init; } = 8080;

    public IReadOnlyList<string> ApiKeys { get; init; } = [];

    public int? ContextLength { get; init; }

    public int? Sequences { get; init; }

    public int? Threads { get; init; }

    public bool Verbose { get; init; }

    /// <summary>The model's name; a colon would begin another section of the settings.</summary>
    public string ModelName => (Name ?? Path.GetFileNameWithoutExtension(ModelPath)).Replace(':', '-');

    /// <summary>A name of this machine has several addresses, for which no free port can be chosen at once.</summary>
    public string Url => $"http://{(Port == 0 && Host == "localhost" ? "127.0.0.1" : Host)}:{Port}";

    /// <summary>The settings by key.</summary>
    /// <param name="pooling">How the model's embeddings are pooled, as its file says (<see cref="LlamaModelInfo.Pooling"/>): chat models say nothing, rerankers <c>rank</c>.</param>
    public IReadOnlyDictionary<string, string?> ToConfiguration(string? pooling)
    {
        string model = $"Models:{ModelName}";
        var settings = new Dictionary<string, string?>
        {
            [$"{model}:Chat"] = Text(pooling is null),
            [$"{model}:Embeddings"] = Text(pooling is not "rank"),
            [$"{model}:Rerank"] = Text(pooling is "rank"),
            [$"{model}:Engine:ModelPath"] = Path.GetFullPath(ModelPath),
            [$"{model}:Engine:LoadAtStart"] = Text(true),
            ["Logging:LogLevel:Default"] = Verbose ? "Debug" : "Warning",
            ["Logging:Console:LogToStandardErrorThreshold"] = "Trace",
        };
        Add($"{model}:Engine:ContextLength", ContextLength);
        Add($"{model}:Engine:Sequences", Sequences);
        Add($"{model}:Engine:Threads", Threads);
        for (int index = 0; index < ApiKeys.Count; index++)
        {
            settings[$"Service:ApiKeys:{index}"] = ApiKeys[index];
        }

        return settings;

        void Add(string key, int? value)
        {
            if (value is not null)
            {
                settings[key] = value.Value.ToString(CultureInfo.InvariantCulture);
            }
        }
    }

    private static string Text(bool value) => value ? "true" : "false";
}
