namespace HostedService.Wire;

/// <summary>The answer of <c>GET /v1/models</c>.</summary>
internal sealed class ModelList
{
    public string Object { get; init; } = "list";

    public required IReadOnlyList<ModelItem> Data { get; init; }
}

/// <summary>The answer of <c>GET /v1/models/NAME</c>.</summary>
internal sealed class ModelItem
{
    public required string Id { get; init; }

    public string Object { get; init; } = "model";

    public required long Created { get; init; }

    public string OwnedBy { get; init; } = "llama.cpp";
}
