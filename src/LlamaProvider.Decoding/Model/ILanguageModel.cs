namespace LlamaProvider.Decoding.Model;

/// <summary>
/// A loaded language model: what every decoding algorithm here needs to know about it, and nothing of the runtime underneath.
/// </summary>
/// <remarks>
/// Immutable and safe for concurrent use. An implementation that holds native memory is also <see cref="IDisposable"/>; its owner
/// disposes it after every context created from it.
/// </remarks>
public interface ILanguageModel
{
    /// <summary>Name, size and shape of the model.</summary>
    ModelDescription Description { get; }

    /// <summary>The tokens: raw bytes, attributes, special tokens.</summary>
    Vocabulary Vocabulary { get; }

    /// <summary>Turns text into tokens of <see cref="Vocabulary"/>.</summary>
    ITokenizer Tokenizer { get; }

    /// <summary>The model file's scalar metadata, as text, by key (for GGUF: <c>general.name</c>, <c>llama.context_length</c> …).</summary>
    IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The chat template that the model file carries (Jinja source), or <see langword="null"/> when it has none.</summary>
    string? ChatTemplate { get; }

    /// <summary>What the model's memory can and cannot do. Ask before work starts; see <see cref="ModelCapabilities"/>.</summary>
    ModelCapabilities Capabilities { get; }

    /// <summary>Names of the LoRA adapters that batches can be evaluated with (<see cref="ModelBatch.Adapters"/>). Default: none.</summary>
    IReadOnlyCollection<string> Adapters => [];

    /// <summary>Allocates one KV memory for this model.</summary>
    /// <param name="options">Sizes and numeric formats of the memory.</param>
    /// <returns>A context that the caller owns and disposes before the model.</returns>
    /// <exception cref="ContextCreationException">The memory cannot be had with these options.</exception>
    IModelContext CreateContext(ContextOptions options);
}
