using System.Globalization;
using LlamaProvider.Decoding.Strategies;

namespace LlamaProvider.Options;

/// <summary>Has a token guide weigh the ways in which the answer may go on. Immutable, compared by value.</summary>
/// <remarks>Yang &amp; Klein 2021, "FUDGE: Controlled Text Generation With Future Discriminators". See docs/search.md.</remarks>
public sealed record TokenGuideOptions
{
    /// <summary>The guide's name in <see cref="LlamaEngineOptions.TokenGuides"/>.</summary>
    public string Guide { get; init; } = "";

    /// <summary>By what the guide's log-probabilities are multiplied. Default: 1. Range: above 0 and finite.</summary>
    public double Strength { get; init; } = 1;

    /// <summary>How many of the most probable tokens are weighed; the others are left out. Default: 20. Range: 2 and more.</summary>
    public int TopK { get; init; } = 20;

    /// <summary>Checks the values.</summary>
    /// <exception cref="InvalidSearchException">A value is out of its range.</exception>
    public void Validate()
    {
        if (string.IsNullOrEmpty(Guide))
        {
            throw new InvalidSearchException(nameof(Guide), "Guide is empty, but must be the name of a token guide. Name one that the engine has.");
        }

        if (!(Strength > 0) || !float.IsFinite((float)Strength))
        {
            throw new InvalidSearchException(
                nameof(Strength), string.Create(CultureInfo.InvariantCulture, $"Strength is {Strength}, but must be above 0 and finite. Leave it at 1, or leave the guide out."));
        }

        if (TopK < 2)
        {
            throw new InvalidSearchException(nameof(TopK), $"TopK is {TopK}, but a token guide weighs at least 2 tokens. Raise it.");
        }
    }
}
