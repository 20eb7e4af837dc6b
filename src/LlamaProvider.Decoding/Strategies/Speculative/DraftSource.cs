using LlamaProvider.Decoding.Strategies.Speculative.Control;

namespace LlamaProvider.Decoding.Strategies.Speculative;

/// <summary>A drafter of one request, and what limits its drafts.</summary>
/// <param name="name">What messages and statistics call it.</param>
/// <param name="drafter">Drafts.</param>
/// <param name="maxTokens">The most tokens of a draft, at least 1.</param>
/// <param name="controller">Says how many; <see langword="null"/> for always the most.</param>
internal sealed class DraftSource(string name, IDrafter drafter, int maxTokens, DraftLengthController? controller)
{
    public string Name { get; } = name;

    public IDrafter Drafter { get; } = drafter;

    public int MaxTokens { get; } = maxTokens;

    public DraftLengthController? Controller { get; } = controller;

    /// <summary>Whether it has failed, and is not asked any more.</summary>
    public bool HasFailed { get; set; }
}
