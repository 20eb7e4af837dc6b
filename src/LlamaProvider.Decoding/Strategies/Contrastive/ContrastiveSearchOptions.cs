using System.Globalization;

namespace LlamaProvider.Decoding.Strategies.Contrastive;

/// <summary>Contrastive search: of the most probable tokens takes one that does not say again what the text has said. Immutable, compared by value.</summary>
/// <remarks>Su et al. 2022, "A Contrastive Framework for Neural Text Generation". See docs/search.md.</remarks>
public sealed record ContrastiveSearchOptions
{
    /// <summary>How many of the most probable tokens are compared in each step. Default: 4. Range: 1 (the most probable token) to the engine's sequences.</summary>
    public int TopK { get; init; } = 4;

    /// <summary>How much repetition weighs against probability. Default: 0.6. Range: 0 (the most probable token) to 1 (probability does not count).</summary>
    public double Alpha { get; init; } = 0.6;

    /// <summary>Checks the values.</summary>
    /// <exception cref="InvalidSearchException">A value is out of its range.</exception>
    public void Validate()
    {
        if (TopK < 1)
        {
            throw new InvalidSearchException(nameof(TopK), $"TopK is {TopK}, but contrastive search compares at least 1 token. Raise it.");
        }

        if (!(Alpha is >= 0 and <= 1))
        {
            throw new InvalidSearchException(
                nameof(Alpha), string.Create(CultureInfo.InvariantCulture, $"Alpha is {Alpha}, but must be from 0 to 1. Use 0 for the most probable token, or leave it at 0.6."));
        }
    }
}
