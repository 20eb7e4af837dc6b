namespace LlamaProvider.Decoding.Tracing;

/// <summary>How much of a request is traced. Each level holds what the one before it holds.</summary>
public enum TraceLevel
{
    /// <summary>Each chosen token with its probability, rank and alternatives, and what searches, drafts and guidance decided.</summary>
    Tokens,

    /// <summary>Also the candidates after the constraint and after every sampler stage.</summary>
    Stages,

    /// <summary>Also the engine's steps: what the request shared each batch with, and how long the phases took.</summary>
    Full,
}
