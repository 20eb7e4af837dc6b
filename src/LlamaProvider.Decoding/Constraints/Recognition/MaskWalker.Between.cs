using LlamaProvider.Decoding.Constraints.Automata;

namespace LlamaProvider.Decoding.Constraints.Recognition;

/// <content>A mask between two that are equal is equal to both.</content>
/// <remarks>
/// "At most 37 more words" and "at most 36" are two languages, and each word of a text leads to another one. But no token has that many words, so the masks are equal. Instead of finding out
/// how many words tokens have, the masks of a smaller and a larger language are compared that few counts share (<see cref="RoundedCounts"/>): tokens and exits of a language are among those of
/// every larger one. Equal masks are one object (<see cref="LocalMasks"/>).
/// </remarks>
internal sealed partial class MaskWalker
{
    // Smaller languages whose masks differ from those of the larger.
    private readonly HashSet<LexemeState> _apart = [];

    /// <summary>The mask of a state between two others of equal masks; <see langword="null"/> when there are none.</summary>
    private LocalMask? MaskBetween(LexemeState state)
    {
        LexemeState? smaller = state.Round(isLarger: false);
        if (smaller is null || ReferenceEquals(smaller, state) || _apart.Contains(smaller) || state.Round(isLarger: true) is not { } larger)
        {
            return null;
        }

        LocalMask mask = LocalMaskOf(smaller);
        if (ReferenceEquals(mask, LocalMaskOf(larger)))
        {
            return mask;
        }

        _apart.Add(smaller);
        return null;
    }
}
