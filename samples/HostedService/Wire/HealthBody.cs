namespace HostedService.Wire;

/// <summary>The answer of <c>GET /health</c>.</summary>
internal sealed class HealthBody
{
    /// <summary><c>ok</c>, <c>degraded</c> or <c>unhealthy</c>.</summary>
    public required string Status { get; init; }

    public required IReadOnlyDictionary<string, ModelHealth> Models { get; init; }
}

/// <summary>How one model stands.</summary>
internal sealed class ModelHealth
{
    public required string Status { get; init; }

    public string? Description { get; init; }

    public int? Running { get; init; }

    public int? Waiting { get; init; }

    public int? UsedCells { get; init; }

    public int? Cells { get; init; }
}
