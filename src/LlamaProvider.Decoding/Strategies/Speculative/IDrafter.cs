using LlamaProvider.Decoding.Sampling;

namespace LlamaProvider.Decoding.Strategies.Speculative;

/// <summary>Guesses how one answer goes on, so that the model can verify several tokens in one evaluation.</summary>
/// <remarks>
/// One instance serves one request. All members are called on the engine's thread. An exception ends the drafting of this drafter for this request, and nothing else.
/// <para>
/// A draft may hang on the tokens so far and on random numbers of its own, but a drawn token must be drawn from the distribution that comes with it: it may not be left out
/// for what it is.
/// </para>
/// </remarks>
internal interface IDrafter
{
    /// <summary>Looks whether there is something to draft. Cheap: most of the time nothing comes of it.</summary>
    /// <param name="sampler">Holds the tokens so far.</param>
    /// <returns>
    /// How good the draft is likely to be: a class from 0 to <see cref="Control.DraftLengthController.Classes"/> − 1, whose acceptance is learned apart from the others'; <see langword="null"/> for no draft.
    /// </returns>
    int? Offer(TokenSampler sampler);

    /// <summary>The most tokens of the draft just offered that are worth it where the length is chosen by what pays.</summary>
    int Reach => int.MaxValue;

    /// <summary>Whether its drafts are certain and cost next to nothing, so that they may be made only to see whether they would be right.</summary>
    bool IsFree => false;

    /// <summary>How many tokens it must catch up with before it can draft: the prompt, and what came while nothing was drafted.</summary>
    /// <param name="sampler">Holds the tokens so far.</param>
    int CountMissing(TokenSampler sampler) => 0;

    /// <summary>Catches up, as far as may be in one step. Called only when something is missing.</summary>
    /// <param name="sampler">Holds the tokens so far.</param>
    void CatchUp(TokenSampler sampler)
    {
    }

    /// <summary>Drafts what <see cref="Offer"/> has promised.</summary>
    /// <param name="sampler">Holds the tokens so far; afterwards it is as it was.</param>
    /// <param name="limit">The most tokens, at least 1.</param>
    /// <param name="draft">Receives the tokens; empty before.</param>
    void Draft(TokenSampler sampler, int limit, Draft draft);

    /// <summary>The request waits or is over: whatever it holds that others may need goes back. It may go on afterwards, from what the sampler holds then.</summary>
    void Release()
    {
    }
}
