using HostedService.Http;
using HostedService.Wire;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace HostedService.Endpoints;

/// <summary><c>GET /health</c>: 200 while every model takes requests, also when one is full; 503 when one takes none.</summary>
internal static class HealthEndpoint
{
    public static void MapHealth(this WebApplication app) => app.MapHealthChecks("/health", new HealthCheckOptions
    {
        ResponseWriter = static (context, report) => JsonBody.WriteAsync(context, ToBody(report), WireJson.Types.HealthBody),
    });

    private static HealthBody ToBody(HealthReport report) => new()
    {
        Status = ToStatus(report.Status),
        Models = report.Entries.ToDictionary(static entry => entry.Key, static entry => ToModel(entry.Value)),
    };

    private static ModelHealth ToModel(HealthReportEntry entry) => new()
    {
        Status = ToStatus(entry.Status),
        Description = entry.Description,
        Running = Number(entry, "running"),
        Waiting = Number(entry, "waiting"),
        UsedCells = Number(entry, "used_cells"),
        Cells = Number(entry, "cells"),
    };

    private static int? Number(HealthReportEntry entry, string key) => entry.Data.TryGetValue(key, out object? value) ? value as int? : null;

    private static string ToStatus(HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "ok",
        HealthStatus.Degraded => "degraded",
        _ => "unhealthy",
    };
}
