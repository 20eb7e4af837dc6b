namespace LlamaProvider.Decoding.Model;

/// <summary>The errors of calls on a context that are not allowed.</summary>
internal static class ContextRefusal
{
    public static ModelContextException Of(string message) => new(message);

    /// <summary>The model's memory cannot do what a call asks for.</summary>
    /// <param name="what">What the call asks for.</param>
    /// <param name="capability">The property of <see cref="ModelCapabilities"/> that says so.</param>
    public static ModelContextException Lacks(string what, string capability) =>
        Of($"{what} is not possible with this model: its memory lacks {capability}. Ask ILanguageModel.Capabilities before, or choose another model.");

    /// <summary>The model gives no relevance.</summary>
    public static ModelContextException LacksRankHead() => Lacks("Reading relevance", nameof(ModelCapabilities.HasRankHead));

    public static void UnlessRankHead(ModelCapabilities capabilities)
    {
        if (!capabilities.HasRankHead)
        {
            throw LacksRankHead();
        }
    }

    public static void Unless(bool has, string what, string capability)
    {
        if (!has)
        {
            throw Lacks(what, capability);
        }
    }

    public static void UnlessSequence(int sequence, ContextLimits limits)
    {
        if ((uint)sequence >= (uint)limits.Sequences)
        {
            throw Of($"Sequence {sequence} does not exist; this context has sequences 0 to {limits.Sequences - 1}.");
        }
    }
}
