using LlamaProvider.Decoding.Constraints.Forcing;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Strategies.Speculative.Control;

namespace LlamaProvider.Decoding.Strategies.Speculative.ForcedText;

/// <summary>
/// Drafts the text that the constraint forces, in the tokenizer's tokens. Unlike jump-forward it leaves the spelling to the model: what the model would spell otherwise is rejected.
/// </summary>
/// <param name="jump">Finds forced tokens, for this request only.</param>
internal sealed class ForcedTextDrafter(JumpForward jump) : IDrafter
{
    private readonly List<int> _forced = [];

    public bool IsFree => true;

    public int? Offer(TokenSampler sampler)
    {
        _forced.Clear();
        sampler.ReadForced(jump, _forced);
        return _forced.Count == 0 ? null : DraftLengthController.Classes - 1;
    }

    public void Draft(TokenSampler sampler, int limit, Draft draft)
    {
        for (int i = 0; i < _forced.Count && i < limit; i++)
        {
            draft.Add(_forced[i]);
        }
    }
}
