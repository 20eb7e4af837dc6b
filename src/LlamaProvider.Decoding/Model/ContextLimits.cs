namespace LlamaProvider.Decoding.Model;

/// <summary>The sizes of a context, as they are in force.</summary>
public sealed record ContextLimits
{
    /// <summary>Tokens that the memory holds over all sequences; a token that several sequences share counts once.</summary>
    public required int Cells { get; init; }

    /// <summary>Number of sequences.</summary>
    public required int Sequences { get; init; }

    /// <summary>Tokens that one evaluation may have.</summary>
    public required int BatchTokens { get; init; }

    /// <summary>Outputs that one evaluation may have.</summary>
    public required int Outputs { get; init; }

    /// <summary>Tokens that an evaluation with hidden states may have (a runtime may compute an output for each of them).</summary>
    public required int HiddenStateTokens { get; init; }
}
