using LlamaProvider.Decoding.Sampling;

namespace LlamaProvider.Decoding.Strategies.Speculative.Control;

/// <summary>Drafts that were not verified, and are compared with the text that comes instead: so acceptance is learned at no cost while drafts do not pay.</summary>
/// <remarks>
/// Only for drafts that are certain: those are accepted where the token chosen is the drafted one. There is one at a time for each class, begun where a draft of that class could have been: while one of
/// a short match is compared, the match grows, and what becomes of longer matches is another question, which the first one's answer would be wrong for.
/// </remarks>
internal sealed class ShadowDrafts
{
    /// <summary>The most tokens of one.</summary>
    public const int MostTokens = 8;

    private readonly (Draft Draft, int Start)[] _drafts = [.. Enumerable.Range(0, DraftLengthController.Classes).Select(static _ => (new Draft(), 0))];

    /// <summary>Drafts what will be compared, unless a draft of its class waits for its text.</summary>
    /// <param name="drafter">Drafts.</param>
    /// <param name="kind">The class of its offer.</param>
    /// <param name="sampler">Holds the tokens so far.</param>
    public void Begin(IDrafter drafter, int kind, TokenSampler sampler)
    {
        if (_drafts[kind].Draft.Count == 0)
        {
            drafter.Draft(sampler, MostTokens, _drafts[kind].Draft);
            _drafts[kind].Start = sampler.Tokens.Length;
        }
    }

    /// <summary>Compares, and tells the controller as soon as a token differs or all are there.</summary>
    public void Compare(TokenSampler sampler, DraftLengthController controller)
    {
        for (int kind = 0; kind < _drafts.Length; kind++)
        {
            (Draft draft, int start) = _drafts[kind];
            ReadOnlySpan<int> text = draft.Count == 0 ? [] : sampler.Tokens[start..];
            int same = text.CommonPrefixLength(draft.Tokens);
            if (draft.Count > 0 && (same == draft.Count || same < text.Length))
            {
                controller.Observe(kind, Math.Min(same + 1, draft.Count), same);
                draft.Clear();
            }
        }
    }
}
