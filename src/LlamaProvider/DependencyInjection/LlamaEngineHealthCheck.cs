using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LlamaProvider.DependencyInjection;

/// <summary>Says whether an engine takes requests.</summary>
internal sealed class LlamaEngineHealthCheck(LlamaEngine engine) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        EngineSnapshot snapshot = engine.GetSnapshot();
        var data = new Dictionary<string, object>
        {
            ["model"] = engine.Model.Description.Name,
            ["running"] = snapshot.RunningRequests,
            ["waiting"] = snapshot.WaitingRequests,
            ["used_cells"] = snapshot.UsedCells,
            ["cells"] = snapshot.Cells,
        };
        int held = snapshot.RunningRequests + snapshot.WaitingRequests;
        return Task.FromResult(
            !snapshot.IsRunning ? new HealthCheckResult(context.Registration.FailureStatus, "The engine takes no requests.", snapshot.Fault, data)
            : held >= snapshot.QueueLimit ? HealthCheckResult.Degraded($"The engine holds {held} requests, as many as it may.", data: data)
            : HealthCheckResult.Healthy(data: data));
    }
}
