namespace LlamaProvider.Decoding.Strategies;

/// <summary>Why a generation ended.</summary>
internal enum GenerationEndReason
{
    /// <summary>The model chose a token that ends a generation.</summary>
    EndOfGeneration,

    /// <summary>The text reached a stop sequence.</summary>
    StopSequence,

    /// <summary>The answer reached its token limit.</summary>
    TokenLimit,

    /// <summary>The context is full.</summary>
    ContextLimit,

    /// <summary>The caller cancelled, or the engine was disposed.</summary>
    Cancelled,

    /// <summary>An error ended it.</summary>
    Failed,
}

/// <summary>How a generation ended.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Error">The error, when <paramref name="Reason"/> is <see cref="GenerationEndReason.Failed"/>.</param>
internal sealed record GenerationEnd(GenerationEndReason Reason, Exception? Error = null)
{
    public static GenerationEnd EndOfGeneration { get; } = new(GenerationEndReason.EndOfGeneration);

    public static GenerationEnd StopSequence { get; } = new(GenerationEndReason.StopSequence);

    public static GenerationEnd TokenLimit { get; } = new(GenerationEndReason.TokenLimit);

    public static GenerationEnd ContextLimit { get; } = new(GenerationEndReason.ContextLimit);

    public static GenerationEnd Cancelled { get; } = new(GenerationEndReason.Cancelled);

    public static GenerationEnd Failed(Exception error) => new(GenerationEndReason.Failed, error);
}
