using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;

namespace LlamaProvider.Decoding.Strategies.Speculative.Custom;

/// <summary>Runs a user's drafter and checks what it says.</summary>
/// <param name="drafter">The user's drafter.</param>
/// <param name="vocabulary">The model's tokens.</param>
internal sealed class CustomDrafter(ICustomDrafter drafter, Vocabulary vocabulary) : IDrafter
{
    private int[] _tokens = [];

    public int? Offer(TokenSampler sampler) => 0;

    public void Draft(TokenSampler sampler, int limit, Draft draft)
    {
        if (_tokens.Length < limit)
        {
            _tokens = new int[limit];
        }

        int count = drafter.Draft(sampler.Tokens, _tokens.AsSpan(0, limit));
        if ((uint)count > (uint)limit)
        {
            throw new InvalidOperationException($"A custom drafter says that it has drafted {count} tokens, but there was room for {limit}. Return how many were written.");
        }

        for (int i = 0; i < count && (uint)_tokens[i] < (uint)vocabulary.Count; i++)
        {
            draft.Add(_tokens[i]);
        }

        draft.Cut(sampler.CountLegal(draft.Tokens));
    }
}
