namespace LlamaProvider.Decoding.Tracing;

/// <summary>A token was appended without asking the model, since the constraint left no choice about the text (jump-forward).</summary>
public sealed record ForcedStep : TraceStep
{
    internal const string TypeName = "forced";

    /// <summary>The token.</summary>
    public required TraceToken Token { get; init; }
}
