namespace LlamaProvider.Decoding.Model;

/// <summary>Sizes and numeric formats of one KV memory.</summary>
public sealed record ContextOptions
{
    /// <summary>The largest number of sequences that a context can have.</summary>
    public const int MaxSequences = 256;

    /// <summary>Tokens that the memory holds over all sequences. Default: the model's trained length. Range: 1 and more.</summary>
    public int? ContextLength { get; init; }

    /// <summary>Sequences that may be evaluated at once. Default: 16. Range: 1 to <see cref="MaxSequences"/>.</summary>
    public int Sequences { get; init; } = 16;

    /// <summary>
    /// Further sequences, which keep tokens for later and are not evaluated together with the others. Default: 0.
    /// Range: 0 to the smaller of <see cref="MaxSequences"/> and <see cref="BatchTokens"/>, less <see cref="Sequences"/>.
    /// </summary>
    public int KeptSequences { get; init; }

    /// <summary>Tokens that one evaluation may have. Default: 512. Range: <see cref="Sequences"/> and more.</summary>
    public int BatchTokens { get; init; } = 512;

    /// <summary>
    /// Outputs that one evaluation may have; it sizes the compute buffers. Default: twice <see cref="Sequences"/>.
    /// Range: <see cref="Sequences"/> to <see cref="BatchTokens"/>.
    /// </summary>
    public int? Outputs { get; init; }

    /// <summary>Threads that evaluate a single token per sequence. Default: the runtime's choice (physical cores). Range: 1 to 512.</summary>
    public int? Threads { get; init; }

    /// <summary>Threads that evaluate prompts. Default: as <see cref="Threads"/>. Range: 1 to 512.</summary>
    public int? PromptThreads { get; init; }

    /// <summary>Whether attention is computed in one fused pass. Default: the runtime decides.</summary>
    public FlashAttention FlashAttention { get; init; }

    /// <summary>Numeric format of the cached keys. Default: <see cref="KvCacheType.F16"/>.</summary>
    public KvCacheType KeyType { get; init; } = KvCacheType.F16;

    /// <summary>Numeric format of the cached values. Default: <see cref="KvCacheType.F16"/>. A quantized one needs flash attention.</summary>
    public KvCacheType ValueType { get; init; } = KvCacheType.F16;

    /// <summary>What is wrong with these options: for each value out of its range the value, the rule and the remedy. Empty when nothing is.</summary>
    public IEnumerable<string> FindErrors()
    {
        (string Name, int Value, int Lowest, int Highest)[] ranges =
        [
            (nameof(ContextLength), ContextLength ?? 1, 1, int.MaxValue),
            (nameof(Sequences), Sequences, 1, MaxSequences),
            (nameof(KeptSequences), KeptSequences, 0, Math.Max(0, Math.Min(MaxSequences, BatchTokens) - Sequences)),
            (nameof(BatchTokens), BatchTokens, Sequences, int.MaxValue),
            (nameof(Outputs), Outputs ?? Sequences, Sequences, BatchTokens),
            (nameof(Threads), Threads ?? 1, 1, 512),
            (nameof(PromptThreads), PromptThreads ?? 1, 1, 512),
        ];
        foreach ((string name, int value, int lowest, int highest) in ranges)
        {
            if (value < lowest || value > highest)
            {
                string range = highest == int.MaxValue ? $"{lowest} or more" : $"from {lowest} to {highest}";
                yield return $"{name} is {value}, but must be {range}. Change the option or leave it unset.";
            }
        }

        if (FlashAttention == FlashAttention.Off && ValueType.IsQuantized())
        {
            yield return $"{nameof(ValueType)} is {ValueType} and {nameof(FlashAttention)} is Off, but quantized values need flash attention. " +
                "Turn it on, or choose F16 or F32.";
        }
    }

    /// <summary>Raises <see cref="ContextCreationException"/> with the first of <see cref="FindErrors"/>, if there is one.</summary>
    public void Validate()
    {
        if (FindErrors().FirstOrDefault() is { } error)
        {
            throw new ContextCreationException(error);
        }
    }
}
