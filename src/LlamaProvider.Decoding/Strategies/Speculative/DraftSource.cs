using LlamaProvider.Decoding.Strategies.Speculative.Control;

namespace LlamaProvider.Decoding.Strategies.Speculative;

/// <summary>A drafter of one request, and what limits its drafts.</summary>
/// <param name="name">What messages and statistics call it.</param>
/// <param name="drafter">Drafts.</param>
/// <param name="maxTokens">The most tokens of a draft, at least 1.</param>
/// <param name="experience">What requests learn from each other, used to draft as many as pays; <see langword="null"/> for always the most.</param>
internal sealed class DraftSource(string name, IDrafter drafter, int maxTokens, DraftExperience? experience)
{
    public string Name { get; } = name;

    public IDrafter Drafter { get; } = drafter;

    public int MaxTokens { get; } = maxTokens;

    /// <summary>What requests learn from each other.</summary>
    public DraftExperience? Experience { get; } = experience;

    /// <summary>Says how many tokens to draft.</summary>
    public DraftLengthController? Controller { get; } = experience is null ? null : new DraftLengthController(experience, probes: !drafter.IsFree);

    /// <summary>What is compared while drafts do not pay.</summary>
    public ShadowDrafts? Shadows { get; } = experience is not null && drafter.IsFree ? new ShadowDrafts() : null;

    /// <summary>How long its draft was to be when it was last asked.</summary>
    public DraftLength LastLength { get; set; }

    /// <summary>Whether it has failed, and is not asked any more.</summary>
    public bool HasFailed { get; set; }
}
