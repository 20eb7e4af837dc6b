using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Strategies.Guidance;
using LlamaProvider.Decoding.Strategies.Speculative.Custom;
using LlamaProvider.Devices;
using LlamaProvider.Options;
using LlamaProvider.Scoring;
using LlamaProvider.Tracing;
using Microsoft.Extensions.Logging;

namespace LlamaProvider;

/// <summary>Which model an engine runs and how. Every property can be bound from configuration by its name.</summary>
public sealed partial class LlamaEngineOptions
{
    private const int DefaultKeptSequences = 16;
    private const int DefaultKeptStates = 4;

    /// <summary>Outputs of a step that one request can verify a draft with, though no other may run.</summary>
    private const int LeastOutputs = 20;

    /// <summary>The longest context that is allocated when <see cref="ContextLength"/> is unset.</summary>
    public const int DefaultContextLengthLimit = 8192;

    /// <summary>The GGUF file. Of a model in several files, the first. Required by <see cref="LlamaEngine.LoadAsync"/>.</summary>
    public string? ModelPath { get; set; }

    /// <summary>
    /// Tokens that the context holds, over all requests that run at once. Default: the length that the model was trained with, at most
    /// <see cref="DefaultContextLengthLimit"/>. Range: 1 and more.
    /// </summary>
    public int? ContextLength { get; set; }

    /// <summary>Sequences that are evaluated at once; further requests wait. Default: 16. Range: 1 to 256.</summary>
    public int Sequences { get; set; } = 16;

    /// <summary>
    /// Prompts and answers that are kept after their requests, so that a request that begins with the same tokens need not evaluate them again; the least
    /// recently used ones go when their cells are needed. 0 keeps none. Default: 16, or fewer where the range demands it, and 4 for a model whose memory cannot be
    /// cut back, where each costs a whole state. Range: 0 to the smallest of 256, <see cref="BatchTokens"/> and <see cref="ContextLength"/>, less <see cref="Sequences"/>.
    /// </summary>
    public int? PrefixCacheSequences { get; set; }

    /// <summary>
    /// Host memory for kept prompts and answers that the context has no room for: they are copied there when they go, and copied back instead of
    /// being evaluated again when a request begins with them. A token takes as much as in the context (some kilobytes to hundreds); the engine waits while it is copied.
    /// Default: 0, nothing is copied. Range: 0 and more; above 0 only where <see cref="PrefixCacheSequences"/> is.
    /// </summary>
    public long PrefixSpillBytes { get; set; }

    /// <summary>
    /// System messages whose tokens are evaluated when the engine starts and kept as long as it lives. At most <see cref="PrefixCacheSequences"/> of them. Default: none.
    /// </summary>
    public IList<string> PinnedPrompts { get; } = [];

    /// <summary>Requests that the engine holds, running and waiting, before it refuses more. Default: 256. Range: 1 and more.</summary>
    public int QueueLimit { get; set; } = 256;

    /// <summary>Tokens that one step evaluates; a longer prompt takes several steps. Default: 512. Range: <see cref="Sequences"/> and more.</summary>
    public int BatchTokens { get; set; } = 512;

    /// <summary>
    /// Tokens of a step that has requests in it which read hidden states, such as embeddings; it sizes buffers of two rows of logits a token. More makes
    /// embeddings faster. Default: twice <see cref="Sequences"/>. Range: <see cref="Sequences"/> to <see cref="BatchTokens"/>.
    /// </summary>
    public int? HiddenStateTokens { get; set; }

    /// <summary>
    /// How long prompts may hold up running answers at a time: a step beside answers has as many prompt tokens as recent steps evaluated in this time, but 32 at
    /// least. Longer makes prompts faster, shorter makes streams steadier. Default: 250 ms. Range: above 0.
    /// </summary>
    public TimeSpan LongestPause { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Threads that evaluate running answers. Default: the physical cores, but 1 for a model below 32 MiB. Range: 1 to 512.</summary>
    public int? Threads { get; set; }

    /// <summary>Threads that evaluate prompts. Default: as <see cref="Threads"/>. Range: 1 to 512.</summary>
    public int? PromptThreads { get; set; }

    /// <summary>Whether attention is computed in one fused pass. Default: llama.cpp decides.</summary>
    public FlashAttention FlashAttention { get; set; }

    /// <summary>Numeric format of the cached keys. Default: 16-bit floats.</summary>
    public KvCacheType KeyType { get; set; } = KvCacheType.F16;

    /// <summary>Numeric format of the cached values. Default: 16-bit floats.</summary>
    public KvCacheType ValueType { get; set; } = KvCacheType.F16;

    /// <summary>
    /// LoRA adapters that requests may use (<see cref="AdapterChatOptionsExtensions.UseAdapter"/>): GGUF files by name, loaded with the model. Default: none.
    /// </summary>
    public IDictionary<string, string> Adapters { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// Draft models that requests may use (<see cref="SpeculationChatOptionsExtensions.UseSpeculativeDecoding(Microsoft.Extensions.AI.ChatOptions, string, int, double)"/>): GGUF files by name, loaded with the
    /// model. Their tokens must be the model's. Each has a context of the engine's sizes. Default: none.
    /// </summary>
    public IDictionary<string, string> DraftModels { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Drafters of your own, by the name that requests call them, which no draft model may have. Default: none.</summary>
    public IDictionary<string, CustomDrafterFactory> CustomDrafters { get; } = new Dictionary<string, CustomDrafterFactory>(StringComparer.Ordinal);

    /// <summary>
    /// What weighs the tokens of requests that name it (<see cref="GuidanceChatOptionsExtensions.UseTokenGuide"/>), by name; <see cref="Guidance.TokenGuides"/> makes some. Default: none.
    /// </summary>
    public IDictionary<string, ITokenGuide> TokenGuides { get; } = new Dictionary<string, ITokenGuide>(StringComparer.Ordinal);

    /// <summary>
    /// What judges the answers of requests that name it (<see cref="BestOfChatOptionsExtensions.UseBestOf"/>), by name; <see cref="Scoring.AnswerScorers"/> makes some. Two names are the library's
    /// own: <c>likelihood</c> and <c>self_consistency</c>. Default: none.
    /// </summary>
    public IDictionary<string, IAnswerScorer> AnswerScorers { get; } = new Dictionary<string, IAnswerScorer>(StringComparer.Ordinal);

    /// <summary>
    /// What receives the steps of traced requests that name it (<see cref="TraceChatOptionsExtensions.CaptureTrace(Microsoft.Extensions.AI.ChatOptions, TraceOptions)"/>), by name. Default: none.
    /// </summary>
    public IDictionary<string, ITraceSink> TraceSinks { get; } = new Dictionary<string, ITraceSink>(StringComparer.Ordinal);

    /// <summary>
    /// Layers placed on GPUs (<see cref="LlamaDevices"/> lists them). Default: all where there is a GPU, and otherwise none. Range: 0 and more; more than 0 is an error where there is no
    /// GPU.
    /// </summary>
    public int? GpuLayers { get; set; }

    /// <summary>
    /// How several GPUs share the model. Default: <see cref="LlamaSplitMode.Layer"/>, or <see cref="LlamaSplitMode.None"/> with <see cref="MainDevice"/>. It has no effect where there is one
    /// GPU.
    /// </summary>
    public LlamaSplitMode? SplitMode { get; set; }

    /// <summary>
    /// The GPU that has the whole model, or with <see cref="LlamaSplitMode.Row"/> what cannot be split, by its <see cref="LlamaDevice.Name"/>, such as <c>CUDA1</c>. Default: the first. Not
    /// together with <see cref="LlamaSplitMode.Layer"/>, where no GPU leads.
    /// </summary>
    public string? MainDevice { get; set; }

    /// <summary>Whether the model file is mapped into memory instead of read. Default: true.</summary>
    public bool MemoryMap { get; set; } = true;

    /// <summary>Whether the weights are kept from being swapped out. Default: false.</summary>
    public bool MemoryLock { get; set; }

    /// <summary>
    /// The folder with llama.cpp's libraries. Default: the environment variable <c>LLAMA_NATIVE_DIR</c>, else those that the build put beside the
    /// application. One folder for the whole process.
    /// </summary>
    public string? NativeDirectory { get; set; }

    /// <summary>
    /// Sampler stages of your own, by the name that <see cref="SamplerPipelineBuilder.Custom"/> calls them. Each makes a stage for one request from its parameters.
    /// </summary>
    public IDictionary<string, CustomSamplerFactory> CustomSamplers { get; } = new Dictionary<string, CustomSamplerFactory>(StringComparer.Ordinal);

    /// <summary>Bounds on the work and memory that one constraint (JSON schema, grammar, regular expression) may take. Default: <see cref="ConstraintLimits.Default"/>.</summary>
    public ConstraintLimits ConstraintLimits { get; set; } = ConstraintLimits.Default;

    /// <summary>Compiled constraints that are kept, so that a request with one of them need not compile it again. Default: 64. Range: 0 and more.</summary>
    public int ConstraintCacheSize { get; set; } = 64;

    /// <summary>
    /// Whether .NET's garbage collector is asked, while the model evaluates, to collect young objects if most of their memory's budget is used, rather than when all of it is, which may be
    /// while tokens wait to be chosen. A collection stops all of the process's .NET code for some milliseconds, whoever asks for it; so there are more of them, but few that an answer waits for. Default: true.
    /// </summary>
    public bool CollectsWhileEvaluating { get; set; } = true;

    /// <summary>Receives the engine's log and llama.cpp's. Default: none.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>The clock of time stamps and of templates that show the date. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>The context's options for a model.</summary>
    internal ContextOptions ToContextOptions(ILanguageModel model) => ToContextOptions(model.Description.TrainedContextLength, model.Capabilities);

    /// <summary>The context's options for a model that was trained with contexts of a length (0: unknown), that can do so much.</summary>
    internal ContextOptions ToContextOptions(int trained, ModelCapabilities capabilities)
    {
        int length = ContextLength ?? (trained > 0 ? Math.Min(trained, DefaultContextLengthLimit) : DefaultContextLengthLimit);
        if (capabilities.EvaluatesWholeTexts)
        {
            // Nothing is kept of an evaluation, and every token of one is an output; the length bounds only what one may hold.
            return ToContextOptions(Math.Max(length, BatchTokens), PrefixCacheSequences ?? 0) with { Outputs = BatchTokens };
        }

        int kept = PrefixCacheSequences ?? Math.Min(capabilities.CanTrim ? DefaultKeptSequences : DefaultKeptStates, MostKeptSequences(length));
        return ToContextOptions(length, kept);
    }

    private int MostKeptSequences(int? contextLength) =>
        Math.Max(0, Math.Min(Math.Min(ContextOptions.MaxSequences, BatchTokens), contextLength ?? int.MaxValue) - Sequences);

    private ContextOptions ToContextOptions(int? contextLength, int keptSequences) => new()
    {
        ContextLength = contextLength,
        Sequences = Sequences,
        KeptSequences = keptSequences,
        BatchTokens = BatchTokens,
        Outputs = Math.Max(HiddenStateTokens ?? 0, Math.Min(BatchTokens, Math.Max(2 * Sequences, LeastOutputs))),
        Threads = Threads,
        PromptThreads = PromptThreads,
        FlashAttention = FlashAttention,
        KeyType = KeyType,
        ValueType = ValueType,
    };
}
