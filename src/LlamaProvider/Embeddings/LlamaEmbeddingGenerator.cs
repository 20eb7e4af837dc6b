using System.Numerics.Tensors;
using LlamaProvider.Chat;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Strategies.Embedding;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Embeddings;

/// <summary>Turns texts into vectors on a <see cref="LlamaEngine"/>.</summary>
/// <remarks>
/// All members are safe for concurrent use. The texts of a call, those of other calls and the answers of chat clients share the engine's batches. A call holds at most as many
/// places of the engine's queue as the engine has sequences. Disposing the generator leaves the engine running.
/// </remarks>
public sealed class LlamaEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    private readonly LlamaEngine _engine;
    private readonly LlamaEmbeddingGeneratorOptions _options;
    private readonly EmbeddingGeneratorMetadata _metadata;
    private readonly ModelNames _names;
    private readonly EmbeddingTokenizer _tokenizer;
    private volatile bool _disposed;

    internal LlamaEmbeddingGenerator(LlamaEngine engine, LlamaEmbeddingGeneratorOptions options)
    {
        ModelDescription model = engine.Model.Description;
        options.Validate(model.HiddenSize, engine.LongestText);
        _engine = engine;
        _options = options.Copy();
        Pooling = PoolingOfModel.Read(engine.Model, options.Pooling);
        _names = new ModelNames(model.Name, engine.ModelPath);
        _tokenizer = new EmbeddingTokenizer(engine.Model, options.MaxInputTokens ?? engine.LongestText);
        _metadata = new EmbeddingGeneratorMetadata("llama.cpp", providerUri: null, model.Name, options.Dimensions ?? model.HiddenSize);
    }

    /// <summary>The pooling in force: the application's choice, else the model file's, else the mean.</summary>
    public EmbeddingPooling Pooling { get; }

    /// <summary>Embeds texts.</summary>
    /// <param name="values">The texts.</param>
    /// <param name="options">Dimensions, and what <see cref="EmbeddingOptionsExtensions"/> adds.</param>
    /// <param name="cancellationToken">Ends the call within one step of the engine.</param>
    /// <returns>A vector for each text, in their order, and the tokens that they took.</returns>
    /// <exception cref="EmbeddingInputException">A text is empty or too long; nothing was evaluated.</exception>
    /// <exception cref="OptionNotSupportedException">An option cannot be honoured.</exception>
    /// <exception cref="QueueFullException">The engine holds as many requests as it may, and none of them is of this call.</exception>
    /// <exception cref="EvaluationFailedException">The back end failed, or gave no finite values.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        ObjectDisposedException.ThrowIf(_disposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        EmbeddingSettings settings = EmbeddingSettings.Read(options, _options, _names, _engine.Model.Description.HiddenSize, this);
        int[][] texts = [.. values.Select((text, index) => _tokenizer.Encode(
            index, text ?? throw new ArgumentException($"Text {index} is null; leave it out.", nameof(values)), settings))];
        return await GenerateAsync(texts, settings, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata
            : serviceType.IsInstanceOfType(_engine) ? _engine
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <summary>Ends the generator, not the engine; running calls go on.</summary>
    public void Dispose() => _disposed = true;

    /// <summary>Embeds token sequences as they are.</summary>
    internal async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(int[][] texts, EmbeddingSettings settings, CancellationToken cancellationToken)
    {
        int hiddenSize = _engine.Model.Description.HiddenSize;
        bool whole = _engine.Capabilities.EvaluatesWholeTexts;
        var batch = new TextBatch<EmbeddingStrategy>(
            _engine, text => new EmbeddingStrategy(text, Pooling, hiddenSize, _engine.Limits, whole), "embeddings were", settings.Priority, cancellationToken);
        await batch.RunAsync(texts).ConfigureAwait(false);
        var result = new GeneratedEmbeddings<Embedding<float>>(texts.Length) { Usage = batch.Usage };
        DateTimeOffset now = _engine.TimeProvider.GetUtcNow();
        foreach (EmbeddingStrategy strategy in batch.Results)
        {
            result.Add(new Embedding<float>(ToVector(strategy.Pooled[..settings.Dimensions])) { ModelId = _metadata.DefaultModelId, CreatedAt = now });
        }

        return result;
    }

    /// <summary>A vector of length 1, or as it is; zeros have no direction and stay.</summary>
    private float[] ToVector(ReadOnlySpan<float> pooled)
    {
        float[] vector = pooled.ToArray();
        float norm = TensorPrimitives.Norm<float>(vector);
        if (!float.IsFinite(norm))
        {
            throw new EvaluationFailedException("The model gave hidden states that are no finite numbers, so there is no embedding. Check the model file.", null);
        }

        if (_options.Normalize && norm > 0)
        {
            TensorPrimitives.Divide(vector, norm, vector);
        }

        return vector;
    }
}
