namespace HostedService.Wire;

/// <summary>The documents of a request by relevance.</summary>
internal sealed class RerankList
{
    public string Object { get; init; } = "list";

    public required string Model { get; init; }

    public required IReadOnlyList<RerankItem> Results { get; init; }

    public required Usage Usage { get; init; }
}

/// <summary>One document's relevance.</summary>
internal sealed class RerankItem
{
    public required int Index { get; init; }

    public required float RelevanceScore { get; init; }

    public RerankText? Document { get; init; }
}

/// <summary>A document as an object.</summary>
internal sealed class RerankText
{
    public required string Text { get; init; }
}
