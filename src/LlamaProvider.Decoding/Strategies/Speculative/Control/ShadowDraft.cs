using LlamaProvider.Decoding.Sampling;

namespace LlamaProvider.Decoding.Strategies.Speculative.Control;

/// <summary>A draft that was not verified, and is compared with the text that comes instead: so acceptance is learned at no cost while drafts do not pay.</summary>
/// <remarks>Only for drafts that are certain: those are accepted where the token chosen is the drafted one.</remarks>
internal sealed class ShadowDraft
{
    /// <summary>The most tokens.</summary>
    public const int MostTokens = 8;

    private readonly Draft _draft = new();
    private int _kind;
    private int _start;

    /// <summary>Whether there is none that waits for its text.</summary>
    public bool IsOver => _draft.Count == 0;

    /// <summary>Drafts what will be compared.</summary>
    /// <param name="drafter">Drafts.</param>
    /// <param name="kind">The class of its offer.</param>
    /// <param name="sampler">Holds the tokens so far.</param>
    public void Begin(IDrafter drafter, int kind, TokenSampler sampler)
    {
        _draft.Clear();
        drafter.Draft(sampler, MostTokens, _draft);
        (_kind, _start) = (kind, sampler.Tokens.Length);
    }

    /// <summary>Compares, and tells the controller as soon as a token differs or all are there.</summary>
    public void Compare(TokenSampler sampler, DraftLengthController controller)
    {
        if (IsOver)
        {
            return;
        }

        ReadOnlySpan<int> text = sampler.Tokens[_start..];
        int same = text.CommonPrefixLength(_draft.Tokens);
        if (same == _draft.Count || same < text.Length)
        {
            controller.Observe(_kind, Math.Min(same + 1, _draft.Count), same);
            _draft.Clear();
        }
    }
}
