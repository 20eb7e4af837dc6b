using LlamaProvider.Decoding.Model;
using LlamaProvider.Devices;
using LlamaProvider.Native;
using LlamaProvider.Native.Loading;
using LlamaProvider.Native.Logging;
using LlamaProvider.Options;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlamaProvider;

/// <summary>Starts engines: on model files, which it frees when that fails, and on models that are given.</summary>
internal static partial class EngineLoader
{
    /// <summary>Loads on the calling thread.</summary>
    public static LlamaEngine Load(LlamaEngineOptions options, IProgress<float>? progress, CancellationToken cancellationToken)
    {
        ILogger logger = (options.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger("LlamaProvider.Native");
        IDisposable nativeLog = NativeLog.Add(logger);
        List<IDisposable> owned = [];
        try
        {
            var modelOptions = new LlamaCppModelOptions
            {
                NativeDirectory = options.NativeDirectory,
                GpuLayers = options.GpuLayers,
                SplitMode = options.SplitMode,
                MainDevice = options.MainDevice,
                Adapters = new Dictionary<string, string>(options.Adapters, StringComparer.Ordinal),
                MemoryMap = options.MemoryMap,
                MemoryLock = options.MemoryLock,
            };
            LlamaCppModel model = LlamaCppModel.Load(options.ModelPath!, modelOptions, progress, cancellationToken);
            owned.Add(model);
            WarnOfUnusedBackEnd(options, logger);
            var drafts = new Dictionary<string, ILanguageModel>(StringComparer.Ordinal);
            foreach ((string name, string path) in options.DraftModels)
            {
                LlamaCppModel draft = LlamaCppModel.Load(path, modelOptions with { Adapters = new Dictionary<string, string>() }, progress: null, cancellationToken);
                owned.Add(draft);
                drafts.Add(name, draft);
            }

            return new LlamaEngine(model, options, drafts, [.. owned, nativeLog], options.ModelPath);
        }
        catch
        {
            owned.ForEach(static model => model.Dispose());
            nativeLog.Dispose();
            throw;
        }
    }

    /// <summary>Starts an engine on a model that is given, and may be handed over with it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">How to run it.</param>
    /// <param name="draftModels">Draft models by name.</param>
    /// <param name="owned">What the engine disposes with itself. After an error it is the caller's.</param>
    public static LlamaEngine Create(
        ILanguageModel model, LlamaEngineOptions? options, IReadOnlyDictionary<string, ILanguageModel>? draftModels, IReadOnlyList<IDisposable> owned)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new LlamaEngineOptions();
        options.Validate(requireModelPath: false);
        if (options.Adapters.Count > 0)
        {
            throw new InvalidOptionsException(
                nameof(LlamaEngineOptions), [$"{nameof(LlamaEngineOptions.Adapters)} is set, but a model that is given brings its own adapters. Leave the option out."]);
        }

        if (options.DraftModels.Count > 0)
        {
            throw new InvalidOptionsException(
                nameof(LlamaEngineOptions), [$"{nameof(LlamaEngineOptions.DraftModels)} is set, but beside a model that is given its draft models are given too. Leave the option out."]);
        }

        return new LlamaEngine(model, options, draftModels ?? new Dictionary<string, ILanguageModel>(), owned, path: null);
    }

    private static void WarnOfUnusedBackEnd(LlamaEngineOptions options, ILogger logger)
    {
        if (options.GpuLayers != 0 && MissingGpu.HasBackEnd(NativeRuntime.Files!.Directory, NativePlatform.Current) && LlamaDevices.ExplainMissingGpu() is { } reason)
        {
            LogNoGpu(logger, reason);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The model runs on the CPU: {Reason}")]
    private static partial void LogNoGpu(ILogger logger, string reason);
}
