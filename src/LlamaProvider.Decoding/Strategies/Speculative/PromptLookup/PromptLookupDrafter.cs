using System.Numerics;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Strategies.Speculative.Control;

namespace LlamaProvider.Decoding.Strategies.Speculative.PromptLookup;

/// <summary>Drafts what followed the last tokens where they occurred before, in prompt or answer. Costs next to nothing, and is right where an answer copies.</summary>
/// <remarks>
/// Source: Saxena 2023, "Prompt Lookup Decoding". There, n-grams of fixed lengths are searched in the prompt for each draft; here the longest end of the text that occurred before is always
/// known (<see cref="SuffixAutomaton"/>). The longer it is, the likelier the text goes on alike: its length gives the class of the draft, and a bound on the draft's length
/// (<see cref="Reach"/>).
/// </remarks>
/// <param name="minMatch">The fewest tokens that must have occurred before, at least 1.</param>
internal sealed class PromptLookupDrafter(int minMatch) : IDrafter
{
    /// <summary>Tokens of a draft for each token that matches.</summary>
    private const int ReachOfMatch = 2;

    private readonly SuffixAutomaton _text = new();
    private int _read;

    public bool IsFree => true;

    /// <remarks>
    /// A few tokens often match by chance, and then all of a long draft is lost. A short one tells as much, and where it is right the next match is longer: a copy is drafted in full from the
    /// third step on. Source: Oliaro et al. 2024, "SuffixDecoding", whose bound is a multiple of the match too.
    /// </remarks>
    public int Reach => ReachOfMatch * _text.MatchLength;

    public int? Offer(TokenSampler sampler)
    {
        ReadOnlySpan<int> tokens = sampler.Tokens;
        _text.Add(tokens[_read..]);
        _read = tokens.Length;
        return _text.MatchLength < minMatch ? null : Math.Min(BitOperations.Log2((uint)(_text.MatchLength / minMatch)), DraftLengthController.Classes - 1);
    }

    public void Draft(TokenSampler sampler, int limit, Draft draft)
    {
        ReadOnlySpan<int> tokens = sampler.Tokens;
        int period = tokens.Length - _text.MatchEnd;
        for (int i = 0; i < limit; i++)
        {
            // Behind the end of the text the draft goes on with itself: what repeats is likely to repeat again.
            draft.Add(i < period ? tokens[_text.MatchEnd + i] : draft[i - period]);
        }

        draft.Cut(sampler.CountLegal(draft.Tokens));
    }
}
