using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LlamaProvider.DependencyInjection;

/// <summary>Loads an engine with the host's start, if that is wanted, and shuts it down with the host: drained first, then cancelled.</summary>
/// <remarks>
/// A host stops its services in the reverse order of their registration, so a server that is registered after the engine ends its connections first.
/// </remarks>
internal sealed partial class EngineLifetime(EngineHolder holder, IOptionsMonitor<LlamaServiceOptions> options, ILogger<LlamaEngine> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => options.Get(holder.Name).LoadAtStart
        ? Task.Factory.StartNew(() => holder.Load(cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)
        : Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (holder.Loaded is not { } engine)
        {
            return;
        }

        EngineSnapshot snapshot = engine.GetSnapshot();
        int held = snapshot.RunningRequests + snapshot.WaitingRequests;
        TimeSpan drainTimeout = options.Get(holder.Name).DrainTimeout;
        Stopping(logger, engine.Model.Description.Name, held, drainTimeout.TotalSeconds);
        if (!await engine.ShutdownAsync(drainTimeout, cancellationToken).ConfigureAwait(false))
        {
            Cancelled(logger, engine.Model.Description.Name);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopping {Model}: {Held} requests may finish within {Seconds} s")]
    private static partial void Stopping(ILogger logger, string model, int held, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Model} stopped; requests that did not finish in time were cancelled")]
    private static partial void Cancelled(ILogger logger, string model);
}
