using LLama;
using LLama.Native;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Models;
using LlamaProvider.Native;

namespace LlamaProvider.LLamaSharp;

/// <summary>A model that LLamaSharp has loaded, as LlamaProvider's engine sees it: <c>LlamaEngine.Create(new LLamaSharpModel(weights))</c>.</summary>
/// <remarks>
/// Immutable and safe for concurrent use. The weights stay usable for LLamaSharp's own executors. Whoever owns them disposes them after every engine and context on them; contexts hold the native model until then, so
/// disposing too early is an <see cref="ObjectDisposedException"/> and never a crash. LLamaSharp computes one batch at a time in a process, so engines on it take turns.
/// </remarks>
public sealed class LLamaSharpModel : ILanguageModel, IDisposable
{
    private readonly bool _owns;
    private readonly Dictionary<string, LoraAdapter> _adapters;

    /// <summary>Takes over nothing unless told to: the weights stay the caller's.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="ownsWeights">Whether <see cref="Dispose"/> disposes the weights too.</param>
    /// <param name="options">What LLamaSharp does not tell of them. Read during the call only.</param>
    /// <exception cref="ModelLoadException">It is no model that generates or reads text token by token.</exception>
    /// <exception cref="AdapterLoadException">An adapter's file is missing, damaged, or was made for another model.</exception>
    /// <exception cref="ArgumentException">Adapters are named, but not the model's file.</exception>
    public LLamaSharpModel(LLamaWeights weights, bool ownsWeights = false, LLamaSharpModelOptions? options = null)
        : this(HandleOf(weights), ownsWeights, options)
    {
    }

    /// <inheritdoc cref="LLamaSharpModel(LLamaWeights, bool, LLamaSharpModelOptions?)"/>
    /// <param name="handle">The native model.</param>
    /// <param name="ownsHandle">Whether <see cref="Dispose"/> disposes the handle too.</param>
    /// <param name="options">What LLamaSharp does not tell of it. Read during the call only.</param>
    public LLamaSharpModel(SafeLlamaModelHandle handle, bool ownsHandle, LLamaSharpModelOptions? options)
    {
        ArgumentNullException.ThrowIfNull(handle);
        ObjectDisposedException.ThrowIf(handle.IsClosed, handle);
        options ??= new LLamaSharpModelOptions();
        _owns = ownsHandle;
        Handle = handle;
        Dictionary<string, string> metadata = SharpMetadata.Read(handle);
        Metadata = metadata;
        Description = SharpMetadata.Describe(handle, metadata, options.ModelPath);
        SharpTraits.CheckUsable(handle, options.ModelPath ?? Description.Name);
        Vocabulary = SharpVocabulary.Read(handle, metadata);
        Tokenizer = new SharpTokenizer(handle);
        ChatTemplate = handle.GetTemplate(name: null, strict: false);
        Capabilities = SharpTraits.Capabilities(handle, metadata, Description.Architecture);
        Fingerprint = options.ModelPath is { } path ? ModelFingerprint.Compute(path) : SharpFingerprint.Compute(this);
        _adapters = SharpAdapters.Load(handle, options);
    }

    /// <inheritdoc/>
    public ModelDescription Description { get; }

    /// <inheritdoc/>
    public Vocabulary Vocabulary { get; }

    /// <inheritdoc/>
    public ITokenizer Tokenizer { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <inheritdoc/>
    public string? ChatTemplate { get; }

    /// <inheritdoc/>
    public ModelCapabilities Capabilities { get; }

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Adapters => _adapters.Keys;

    internal SafeLlamaModelHandle Handle { get; }

    /// <summary>Identifies the model in saved states.</summary>
    internal byte[] Fingerprint { get; }

    /// <summary>The adapter of a registered name.</summary>
    internal LoraAdapter GetAdapter(string name) => _adapters[name];

    /// <inheritdoc/>
    public IModelContext CreateContext(ContextOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ObjectDisposedException.ThrowIf(Handle.IsClosed, this);
        return SharpContextFactory.Create(this, options);
    }

    /// <summary>Disposes the weights if they are owned. Otherwise nothing happens, and adapters are freed with the weights.</summary>
    public void Dispose()
    {
        if (_owns)
        {
            Handle.Dispose();
        }
    }

    private static SafeLlamaModelHandle HandleOf(LLamaWeights weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return weights.NativeHandle;
    }
}
