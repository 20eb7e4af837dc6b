namespace LlamaProvider.Decoding.Scheduling;

/// <summary>When things happened to a request, as timestamps of the engine's clock, and how many tokens it has got.</summary>
internal sealed class RequestTimes(long arrived)
{
    /// <summary>When the engine took it.</summary>
    public long Arrived { get; } = arrived;

    /// <summary>When it first got sequences.</summary>
    public long? Admitted { get; set; }

    /// <summary>When its first token was chosen.</summary>
    public long? FirstToken { get; set; }

    /// <summary>Tokens of its answer.</summary>
    public int OutputTokens { get; set; }

    /// <summary>Those of them that the constraint left no choice about and the model was not asked for.</summary>
    public int ForcedTokens { get; set; }

    /// <summary>Tokens that were drafted for it.</summary>
    public int DraftedTokens { get; set; }

    /// <summary>Those of them that became part of the answer.</summary>
    public int AcceptedTokens { get; set; }
}
