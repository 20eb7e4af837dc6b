namespace HostedService.Wire;

/// <summary>The vectors of a request's texts.</summary>
internal sealed class EmbeddingList
{
    public string Object { get; init; } = "list";

    public required IReadOnlyList<EmbeddingItem> Data { get; init; }

    public required string Model { get; init; }

    public required Usage Usage { get; init; }
}

/// <summary>The vector of one text.</summary>
internal sealed class EmbeddingItem
{
    public string Object { get; init; } = "embedding";

    public required int Index { get; init; }

    public required EmbeddingVector Embedding { get; init; }
}
