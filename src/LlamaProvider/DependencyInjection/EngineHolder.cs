using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace LlamaProvider.DependencyInjection;

/// <summary>Loads a registered engine when it is first asked for, once, and knows whether that has happened.</summary>
internal sealed partial class EngineHolder(IServiceProvider services, string name)
{
    private readonly Lock _gate = new();

    /// <summary>The engine, if it has been loaded.</summary>
    public LlamaEngine? Loaded { get; private set; }

    public string Name => name;

    /// <summary>The engine. Those who come while it is being loaded wait; after a failure the next one tries again.</summary>
    public LlamaEngine Load(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            return Loaded ??= LoadNow(cancellationToken);
        }
    }

    private LlamaEngine LoadNow(CancellationToken cancellationToken)
    {
        LlamaEngineOptions options = services.GetRequiredService<IOptionsMonitor<LlamaEngineOptions>>().Get(name);
        options.LoggerFactory ??= services.GetService<ILoggerFactory>();
        ILogger logger = (options.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger("LlamaProvider.Engine");
        long started = Stopwatch.GetTimestamp();
        LlamaEngine engine = services.GetKeyedService<EngineFactory>(name) is { } factory
            ? factory.Create(services, options)
            : LoadFile(options, logger, cancellationToken);
        LoadedIn(logger, engine.Model.Description.Name, Stopwatch.GetElapsedTime(started).TotalSeconds, engine.Limits.Cells, engine.Limits.Sequences);
        return engine;
    }

    private static LlamaEngine LoadFile(LlamaEngineOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        Loading(logger, options.ModelPath);
        return EngineLoader.Load(options, new LoggedProgress(logger, options.ModelPath), cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Loading {ModelPath}")]
    private static partial void Loading(ILogger logger, string? modelPath);

    [LoggerMessage(Level = LogLevel.Information, Message = "Loading {ModelPath}: {Percent} %")]
    private static partial void LoadingAt(ILogger logger, string? modelPath, int percent);

    [LoggerMessage(Level = LogLevel.Information, Message = "Loaded {Model} in {Seconds:0.0} s, with {Cells} tokens of context and {Sequences} sequences")]
    private static partial void LoadedIn(ILogger logger, string model, double seconds, int cells, int sequences);

    /// <summary>Writes each tenth once.</summary>
    private sealed class LoggedProgress(ILogger logger, string? modelPath) : IProgress<float>
    {
        private int _tenths;

        public void Report(float value)
        {
            int tenths = (int)(value * 10);
            if (tenths > _tenths && tenths < 10)
            {
                _tenths = tenths;
                LoadingAt(logger, modelPath, tenths * 10);
            }
        }
    }
}
