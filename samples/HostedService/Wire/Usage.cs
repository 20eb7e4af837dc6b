namespace HostedService.Wire;

/// <summary>What an answer took.</summary>
internal sealed class Usage
{
    public required long PromptTokens { get; init; }

    /// <summary>Null for embeddings, which have no answer.</summary>
    public long? CompletionTokens { get; init; }

    public required long TotalTokens { get; init; }

    public PromptTokensDetails? PromptTokensDetails { get; init; }

    public CompletionTokensDetails? CompletionTokensDetails { get; init; }
}

/// <summary>Of the prompt's tokens.</summary>
internal sealed class PromptTokensDetails
{
    /// <summary>Those that were kept from earlier requests and not evaluated again.</summary>
    public required long CachedTokens { get; init; }
}

/// <summary>Of the answer's tokens.</summary>
internal sealed class CompletionTokensDetails
{
    public required long ReasoningTokens { get; init; }
}
