using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Scheduling;

/// <summary>What the policy knows of one request. Requests are ordered by priority, and by arrival within one.</summary>
/// <param name="IsAdmitted">Whether it holds sequences.</param>
/// <param name="IsRunnable">Whether it may be evaluated now; not while its reader is behind or its strategy waits.</param>
/// <param name="Sequences">Sequences that it holds, or needs to be admitted.</param>
/// <param name="DivisibleTokens">Tokens of its step to be evaluated that come before the first wanted output; any number of them at a time.</param>
/// <param name="FinalTokens">Tokens that must follow in one evaluation, since all outputs of a step come from one.</param>
/// <param name="Outputs">Outputs of that evaluation.</param>
internal readonly record struct RequestSnapshot(
    bool IsAdmitted, bool IsRunnable, int Sequences, int DivisibleTokens, int FinalTokens, int Outputs)
{
    /// <summary>The LoRA adapters that it is evaluated with.</summary>
    public AdapterSet Adapters { get; init; } = AdapterSet.None;

    /// <summary>Tokens that come before <see cref="DivisibleTokens"/> and whose cells it will share with a kept prefix when it is admitted.</summary>
    public int SharedTokens { get; init; }

    /// <summary>Whether it waits for something outside the engine, which may be another request.</summary>
    public bool IsWaiting { get; init; }

    /// <summary>Whether it reads hidden states or relevance, which bounds the tokens of its steps.</summary>
    public bool ReadsStates { get; init; }
}
