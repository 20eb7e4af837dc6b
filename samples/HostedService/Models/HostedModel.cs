using HostedService.Configuration;
using LlamaProvider;
using LlamaProvider.Chat;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Reranking;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace HostedService.Models;

/// <summary>A model that the service offers. The engine is loaded with the start or by the first request, as its settings say.</summary>
internal sealed class HostedModel
{
    /// <summary>Writes a prompt as it is: one message, nothing around it.</summary>
    private const string RawTemplate = "{%- for message in messages %}{{- message.content }}{%- endfor %}";

    private readonly ModelOptions _options;
    private readonly IServiceProvider _services;
    private readonly Lazy<IChatClient> _completions;

    public HostedModel(string name, ModelOptions options, IServiceProvider services)
    {
        (Name, _options, _services) = (name, options, services);
        _completions = new Lazy<IChatClient>(
            () => Engine.CreateChatClient(new LlamaChatClientOptions { ChatTemplate = RawTemplate }),
            LazyThreadSafetyMode.PublicationOnly);
    }

    /// <summary>The name in requests.</summary>
    public string Name { get; }

    public bool HasChat => _options.Chat;

    public bool HasEmbeddings => _options.Embeddings;

    public bool HasRanks => _options.Rerank;

    /// <summary>When its file was written.</summary>
    public DateTimeOffset Created => new(File.GetLastWriteTimeUtc(_services.GetRequiredService<IOptionsMonitor<LlamaEngineOptions>>().Get(Name).ModelPath!));

    /// <summary>The model's tokens.</summary>
    public Vocabulary Vocabulary => Engine.Model.Vocabulary;

    /// <summary>Answers conversations, by the model's own template.</summary>
    public IChatClient Chat => _services.GetRequiredKeyedService<IChatClient>(Name);

    /// <summary>Continues a prompt, given as the text of one user message.</summary>
    public IChatClient Completions => _completions.Value;

    public IEmbeddingGenerator<string, Embedding<float>> Embeddings => _services.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>(Name);

    public LlamaReranker Reranker => _services.GetRequiredKeyedService<LlamaReranker>(Name);

    private LlamaEngine Engine => _services.GetRequiredKeyedService<LlamaEngine>(Name);
}
