using LlamaProvider.Decoding.Model;
using LlamaProvider.Models.Gguf;
using LlamaProvider.Native.Handles;
using LlamaProvider.Native.Interop;
using LlamaProvider.Native.Loading;

namespace LlamaProvider.Native;

/// <summary>A GGUF model in llama.cpp.</summary>
internal sealed class LlamaCppModel : ILanguageModel, IDisposable
{
    private readonly Dictionary<string, nint> _adapters;

    private LlamaCppModel(string path, ModelHandle handle, ModelTraits traits, Dictionary<string, nint> adapters)
    {
        _adapters = adapters;
        nint vocabulary = LibLlama.ModelGetVocabulary(handle);
        Handle = handle;
        Vocabulary = LlamaCppVocabulary.Read(vocabulary);
        Tokenizer = new LlamaCppTokenizer(handle, vocabulary);
        Dictionary<string, string> metadata = LlamaCppMetadata.Read(handle);
        Metadata = metadata;
        ChatTemplate = LlamaCppMetadata.ReadChatTemplate(handle);
        Description = LlamaCppMetadata.Describe(handle, metadata, path);
        Capabilities = MemoryCapabilities.Of(LibLlama.ModelIsRecurrent(handle) || LibLlama.ModelIsHybrid(handle), LibLlama.ModelRopeType(handle), traits);
        Fingerprint = ModelFingerprint.Compute(path);
    }

    public ModelDescription Description { get; }

    public Vocabulary Vocabulary { get; }

    public ITokenizer Tokenizer { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    public string? ChatTemplate { get; }

    public ModelCapabilities Capabilities { get; }

    public IReadOnlyCollection<string> Adapters => _adapters.Keys;

    internal ModelHandle Handle { get; }

    /// <summary>Identifies the file's content in saved states.</summary>
    internal byte[] Fingerprint { get; }

    /// <summary>The native adapter (<c>llama_adapter_lora</c>) of a registered name. The model owns and frees it.</summary>
    internal nint GetAdapter(string name) => _adapters[name];

    /// <summary>Loads a model and its adapters; blocks until they are in memory.</summary>
    /// <exception cref="Models.ModelLoadException">The file is not a model that can be run.</exception>
    /// <exception cref="Models.AdapterLoadException">A file is not an adapter of this model.</exception>
    /// <exception cref="NativeLibraryException">llama.cpp itself cannot be loaded.</exception>
    public static LlamaCppModel Load(string path, LlamaCppModelOptions options, IProgress<float>? progress, CancellationToken cancellationToken)
    {
        NativeRuntime.EnsureLoaded(options.NativeDirectory);
        ModelHandle handle = LlamaCppModelLoader.Load(path, options, progress, cancellationToken, out ModelTraits traits);
        try
        {
            LlamaCppModelLoader.CheckUsable(path, handle);
            return new LlamaCppModel(path, handle, traits, LlamaCppAdapterLoader.Load(path, handle, options.Adapters));
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    public IModelContext CreateContext(ContextOptions options)
    {
        ObjectDisposedException.ThrowIf(Handle.IsClosed, this);
        return LlamaCppContextFactory.Create(this, options);
    }

    public void Dispose() => Handle.Dispose();
}
