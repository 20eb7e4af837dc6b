using System.Globalization;

namespace LlamaProvider.Decoding.Strategies.Beam;

/// <summary>Diverse beam search: groups of texts that avoid each other's choices. Immutable, compared by value.</summary>
/// <remarks>Vijayakumar et al. 2016, "Diverse Beam Search", with the Hamming diversity; scores include the penalty, as in transformers. See docs/search.md.</remarks>
public sealed record DiverseBeamSearchOptions
{
    /// <summary>How many texts are kept in all. Default: 4. Range: 2 to the engine's sequences, a multiple of <see cref="Groups"/>.</summary>
    public int Width { get; init; } = 4;

    /// <summary>In how many groups, which choose one after the other in each step. Default: 2. Range: 2 to <see cref="Width"/>.</summary>
    public int Groups { get; init; } = 2;

    /// <summary>What a token loses, in log-probability, for each text of earlier groups that has chosen it in the same step. Default: 0.5. Range: above 0 and finite.</summary>
    public double DiversityPenalty { get; init; } = 0.5;

    /// <summary>How many texts the response has beside its own. Default: <see cref="Width"/>. Range: 1 to <see cref="Width"/>.</summary>
    public int? Results { get; init; }

    /// <summary>The power of a text's length by which its log-probability is divided. Default: 1, the average of its tokens. Range: finite.</summary>
    public double LengthPenalty { get; init; } = 1;

    /// <summary>When a group ends. Default: <see cref="BeamStopping.Heuristic"/>.</summary>
    public BeamStopping Stopping { get; init; }

    /// <summary>Checks the values.</summary>
    /// <exception cref="InvalidSearchException">A value is out of its range.</exception>
    public void Validate()
    {
        BeamRange.Check(Width, Results, LengthPenalty, Stopping);
        if (Groups < 2 || Groups > Width || Width % Groups != 0)
        {
            throw new InvalidSearchException(
                nameof(Groups), $"Groups is {Groups} and Width is {Width}, but there are 2 or more groups, all equally wide. Choose a number that divides the width, or use plain beam search.");
        }

        if (!(DiversityPenalty > 0) || !float.IsFinite((float)DiversityPenalty))
        {
            throw new InvalidSearchException(
                nameof(DiversityPenalty),
                string.Create(CultureInfo.InvariantCulture, $"DiversityPenalty is {DiversityPenalty}, but must be above 0 and finite. Without a penalty all groups find the same; use plain beam search."));
        }
    }

    internal BeamSettings ToSettings(int? maxTokens, int longestText) => new()
    {
        Width = Width,
        Groups = Groups,
        DiversityPenalty = (float)DiversityPenalty,
        Results = Results ?? Width,
        LengthPenalty = LengthPenalty,
        Stopping = Stopping,
        MaxTokens = maxTokens,
        LongestText = longestText,
    };
}
