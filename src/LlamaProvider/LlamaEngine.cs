using LlamaProvider.Chat;
using LlamaProvider.Chat.Messages;
using LlamaProvider.Decoding;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Selection;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Tracing.Recording;
using LlamaProvider.Devices;
using LlamaProvider.Embeddings;
using LlamaProvider.Models;
using LlamaProvider.Native;
using LlamaProvider.Options;
using LlamaProvider.Reranking;
using LlamaProvider.Tracing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlamaProvider;

/// <summary>
/// A loaded model, one context and the thread that runs all requests on it. Chat clients are views of an engine and share it.
/// </summary>
/// <remarks>
/// All members are safe for concurrent use. <see cref="Dispose"/> ends running requests as cancelled, within a step;
/// <see cref="DisposeAsync"/> lets them finish first. Both refuse new ones from then on and free the model's memory at the end, if the engine loaded it.
/// </remarks>
public sealed class LlamaEngine : IDisposable, IAsyncDisposable
{
    private readonly EngineThread _thread;
    private readonly IReadOnlyList<IDisposable> _owned;
    private readonly int _queueLimit;
    private readonly SamplerBinding _samplerBinding;
    private readonly SamplerWorkspacePool _samplerWorkspaces = new();
    private int _freed;

    internal LlamaEngine(
        ILanguageModel model, LlamaEngineOptions options, IReadOnlyDictionary<string, ILanguageModel> draftModels, IReadOnlyList<IDisposable> owned, string? path)
    {
        Model = model;
        ModelPath = path;
        TimeProvider = options.TimeProvider;
        Prompts = new Lazy<ChatPromptBuilder>(() => new ChatPromptBuilder(model, template: null, options.TimeProvider));
        ILoggerFactory loggers = options.LoggerFactory ?? NullLoggerFactory.Instance;
        ChatWarnings = new ChatWarnings(loggers.CreateLogger("LlamaProvider.Chat"));
        DefaultSamplers = RecommendedSamplers.Read(model.Metadata, loggers.CreateLogger("LlamaProvider.Models"));
        _samplerBinding = new SamplerBinding(model.Vocabulary, new Dictionary<string, CustomSamplerFactory>(options.CustomSamplers, StringComparer.Ordinal));
        Constraints = new EngineConstraints(model, options);
        Support = new EngineSupport(this);
        Judges = new EngineJudges(options);
        Tracing = new EngineTracing(model, options, loggers.CreateLogger("LlamaProvider.Tracing"));
        _owned = owned;
        ContextOptions contextOptions = options.ToContextOptions(model);
        options.RequireSpill(model, contextOptions);
        Drafters = new EngineDrafters(model, draftModels, contextOptions, options, loggers.CreateLogger("LlamaProvider.Speculation"));
        IModelContext context = CreateContext(model, contextOptions);
        Limits = context.Limits;
        Capabilities = context.Capabilities;
        WidestSearch = Math.Min(Limits.Sequences - contextOptions.KeptSequences, Math.Min(Limits.Outputs, Limits.BatchTokens));
        _queueLimit = options.QueueLimit;
        Metrics = new EngineMetrics(model.Description.Name, options.TimeProvider);
        _thread = new EngineThread(
            context, new DecodeFirstPolicy(), options.QueueLimit, Metrics, options.LongestPause, $"LlamaEngine {model.Description.Name}", contextOptions.KeptSequences,
            options.PrefixSpillBytes, options.CollectsWhileEvaluating);
        Prefixes = new EnginePrefixes(_thread, model, contextOptions.KeptSequences);
        try
        {
            Prefixes.Pin(options.PinnedPrompts, Prompts);
        }
        catch
        {
            _thread.Dispose();
            Drafters.Dispose();
            throw;
        }
    }

    /// <summary>The model.</summary>
    public ILanguageModel Model { get; }

    /// <summary>The sizes in force.</summary>
    public ContextLimits Limits { get; }

    /// <summary>How tokens are chosen when a request says nothing: what the model file recommends, else <see cref="SamplerPipeline.Balanced"/>.</summary>
    public SamplerPipeline DefaultSamplers { get; }

    internal EngineMetrics Metrics { get; }

    /// <summary>What the context can do, which may be less than what the model can.</summary>
    internal ModelCapabilities Capabilities { get; }

    /// <summary>The most tokens of a text that is evaluated and not continued.</summary>
    internal int LongestText => !Capabilities.EvaluatesWholeTexts ? Limits.Cells - 1
        : Math.Min(Limits.HiddenStateTokens, Model.Description.TrainedContextLength is > 0 and int trained ? trained : int.MaxValue);

    /// <summary>What drafts for requests.</summary>
    internal EngineDrafters Drafters { get; }

    /// <summary>Code of the application's own that weighs tokens and answers.</summary>
    internal EngineJudges Judges { get; }

    /// <summary>What traces of its requests have in common.</summary>
    internal EngineTracing Tracing { get; }

    /// <summary>The most texts that one request can follow: each takes a sequence and an output of every step.</summary>
    internal int WidestSearch { get; }

    /// <summary>What is evaluated for later, saved and restored.</summary>
    internal EnginePrefixes Prefixes { get; }

    /// <summary>The file that the engine has loaded; <see langword="null"/> for a model that was given.</summary>
    internal string? ModelPath { get; }

    internal TimeProvider TimeProvider { get; }

    /// <summary>What it can do for requests.</summary>
    internal EngineSupport Support { get; }

    /// <summary>What its requests' constraints compile to.</summary>
    internal EngineConstraints Constraints { get; }

    /// <summary>Says what its clients' requests ask for in vain.</summary>
    internal ChatWarnings ChatWarnings { get; }

    /// <summary>Prompts by the model's own template, compiled once for all clients.</summary>
    internal Lazy<ChatPromptBuilder> Prompts { get; }

    /// <summary>Loads a GGUF file and starts an engine on it.</summary>
    /// <param name="options">The model and how to run it. Read during the call only.</param>
    /// <param name="progress">Receives the share of the model that is loaded, from 0 to 1.</param>
    /// <param name="cancellationToken">Ends the loading; what was loaded is freed.</param>
    /// <returns>The engine, which the caller disposes.</returns>
    /// <exception cref="InvalidOptionsException">An option is out of its range; the message lists all such options.</exception>
    /// <exception cref="Models.ModelLoadException">The file is missing, damaged, or not a model that can be run.</exception>
    /// <exception cref="Models.AdapterLoadException">An adapter's file is missing, damaged, or was made for another model.</exception>
    /// <exception cref="ContextCreationException">The context does not fit.</exception>
    /// <exception cref="NativeLibraryException">llama.cpp cannot be loaded.</exception>
    public static Task<LlamaEngine> LoadAsync(
        LlamaEngineOptions options, IProgress<float>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate(requireModelPath: true);
        return Task.Factory.StartNew(
            () => EngineLoader.Load(options, progress, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Starts an engine on a model that the caller owns and disposes after the engine.</summary>
    /// <param name="model">Any implementation of the seam.</param>
    /// <param name="options">How to run it; <see cref="LlamaEngineOptions.ModelPath"/> and the options of loading have no meaning here.</param>
    /// <param name="draftModels">Draft models by name, which the caller owns and disposes after the engine.</param>
    /// <exception cref="InvalidOptionsException">An option is out of its range, or a draft model's tokens are not the model's; the message lists all such options.</exception>
    /// <exception cref="ContextCreationException">The context does not fit.</exception>
    /// <exception cref="ContextOverflowException">A pinned prompt is longer than the context.</exception>
    public static LlamaEngine Create(ILanguageModel model, LlamaEngineOptions? options = null, IReadOnlyDictionary<string, ILanguageModel>? draftModels = null) =>
        EngineLoader.Create(model, options, draftModels, owned: []);

    /// <summary>A chat client on this engine. Disposing the client leaves the engine running.</summary>
    /// <param name="options">How the client turns messages into prompts; the model's own way when <see langword="null"/>.</param>
    /// <exception cref="Templates.ChatTemplateException">The chat template has an error, or there is none.</exception>
    /// <exception cref="OptionNotSupportedException">The model is an encoder, which generates nothing.</exception>
    public LlamaChatClient CreateChatClient(LlamaChatClientOptions? options = null)
    {
        ObjectDisposedException.ThrowIf(_thread.Stopped.IsCompleted, this);
        if (Capabilities.EvaluatesWholeTexts)
        {
            throw new OptionNotSupportedException(
                nameof(ModelCapabilities.EvaluatesWholeTexts),
                $"'{Model.Description.Name}' ({Model.Description.Architecture}) reads texts whole and writes none, so it cannot chat. " +
                $"Choose a decoder model; this one is for {nameof(CreateEmbeddingGenerator)} or {nameof(CreateReranker)}.");
        }

        return new LlamaChatClient(this, options ?? new LlamaChatClientOptions());
    }

    /// <summary>An embedding generator on this engine. Disposing the generator leaves the engine running.</summary>
    /// <param name="options">How texts become vectors; the model's own way when <see langword="null"/>. Read during the call only.</param>
    /// <exception cref="InvalidOptionsException">An option is out of its range; the message lists all such options.</exception>
    /// <exception cref="OptionNotSupportedException">The model makes no embeddings: it is a reranker.</exception>
    public LlamaEmbeddingGenerator CreateEmbeddingGenerator(LlamaEmbeddingGeneratorOptions? options = null)
    {
        ObjectDisposedException.ThrowIf(_thread.Stopped.IsCompleted, this);
        return new LlamaEmbeddingGenerator(this, options ?? new LlamaEmbeddingGeneratorOptions());
    }

    /// <summary>A reranker on this engine. Disposing the reranker leaves the engine running.</summary>
    /// <param name="options">How documents are scored; the model's own way when <see langword="null"/>. Read during the call only.</param>
    /// <exception cref="InvalidOptionsException">An option is out of its range; the message lists all such options.</exception>
    /// <exception cref="OptionNotSupportedException">The model has no rank head.</exception>
    public LlamaReranker CreateReranker(LlamaRerankerOptions? options = null)
    {
        ObjectDisposedException.ThrowIf(_thread.Stopped.IsCompleted, this);
        return new LlamaReranker(this, options ?? new LlamaRerankerOptions());
    }

    /// <summary>The devices that llama.cpp could place the model on, with the memory that is free on them now; none where the model is not one of llama.cpp's own binding.</summary>
    public IReadOnlyList<LlamaDevice> GetDevices() => Model is LlamaCppModel ? LlamaDevices.List() : [];

    /// <summary>How the engine stands. The same and more comes out of the meter <c>LlamaProvider</c>; see docs/observability.md.</summary>
    public EngineSnapshot GetSnapshot() => new()
    {
        IsRunning = !_thread.IsClosed,
        Fault = _thread.Fault,
        RunningRequests = Metrics.State.Running,
        WaitingRequests = Math.Max(0, _thread.Held - Metrics.State.Running),
        QueueLimit = _queueLimit,
        UsedCells = Metrics.State.UsedCells,
        Cells = Limits.Cells,
        KeptPrefixes = Metrics.State.KeptSequences,
        SpilledPrefixes = Metrics.State.SpilledPrefixes,
        SpilledBytes = Metrics.State.SpilledBytes,
        RestoredPrefixes = Metrics.State.RestoredPrefixes,
        Preemptions = Metrics.State.Preemptions,
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        _thread.Dispose();
        Free();
    }

    /// <summary>Takes no further requests, lets those that it holds finish for a while, cancels the others, and frees the model's memory.</summary>
    /// <param name="drainTimeout">How long requests may go on. Range: 0 and more; <see cref="Timeout.InfiniteTimeSpan"/> waits for all of them.</param>
    /// <param name="cancellationToken">Ends the waiting early: what still runs is cancelled then, within a step. The method returns normally.</param>
    /// <returns>Whether every request finished by itself.</returns>
    public async Task<bool> ShutdownAsync(TimeSpan drainTimeout, CancellationToken cancellationToken = default)
    {
        _thread.Close(cancel: false);
        bool drained = true;
        try
        {
            await _thread.Stopped.WaitAsync(drainTimeout, TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            drained = _thread.Stopped.IsCompleted;
            _thread.Close(cancel: true);
            await _thread.Stopped.ConfigureAwait(false);
        }

        Free();
        return drained;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _thread.Close(cancel: false);
        await _thread.Stopped.ConfigureAwait(false);
        Free();
    }

    /// <summary>Makes a pipeline ready for one request.</summary>
    /// <exception cref="InvalidSamplerException">It names what the model or the engine does not have.</exception>
    internal BoundPipeline Bind(SamplerPipeline samplers) => new(samplers, _samplerBinding, _samplerWorkspaces);

    /// <summary>Hands a strategy to the engine.</summary>
    /// <param name="strategy">What to generate.</param>
    /// <param name="promptTokens">Tokens of its prompt.</param>
    /// <param name="streamCapacity">Tokens that may wait for a slow reader; <see langword="null"/> for a reader that wants all at the end.</param>
    /// <param name="settings">How the request stands among others, and its adapters.</param>
    /// <param name="trace">Told of the batches; <see langword="null"/> when nothing is traced.</param>
    /// <exception cref="ContextOverflowException">The prompt leaves no room to answer.</exception>
    internal GenerationRequest Submit(IDecodingStrategy strategy, int promptTokens, int? streamCapacity, GenerationSettings settings, TraceLog? trace) =>
        promptTokens >= Limits.Cells
            ? throw new ContextOverflowException(promptTokens, Limits.Cells)
            : _thread.Submit(strategy, streamCapacity, settings.Priority, adapters: settings.Adapters, trace: trace);

    /// <summary>Hands the engine a strategy that generates nothing.</summary>
    internal GenerationRequest Submit(IDecodingStrategy strategy, int priority) => _thread.Submit(strategy, streamCapacity: null, priority);

    private IModelContext CreateContext(ILanguageModel model, ContextOptions options)
    {
        try
        {
            return model.CreateContext(options);
        }
        catch
        {
            Drafters.Dispose();
            throw;
        }
    }

    private void Free()
    {
        if (Interlocked.Exchange(ref _freed, 1) == 0)
        {
            Drafters.Dispose();
            foreach (IDisposable owned in _owned)
            {
                owned.Dispose();
            }
        }
    }
}
