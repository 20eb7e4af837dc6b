using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Scoring;

namespace LlamaProvider.Options;

/// <summary>Draws several answers and gives the one that a scorer finds best. Immutable, compared by value. See docs/search.md.</summary>
public sealed record BestOfOptions
{
    /// <summary>How many answers are drawn. Default: 4. Range: 1 to the engine's sequences.</summary>
    public int Count { get; init; } = 4;

    /// <summary>
    /// Who judges: <see cref="AnswerScorers.LikelihoodName"/>, <see cref="AnswerScorers.SelfConsistencyName"/>, or a name in <see cref="LlamaEngineOptions.AnswerScorers"/>. Default:
    /// <see cref="AnswerScorers.LikelihoodName"/>.
    /// </summary>
    public string Scorer { get; init; } = AnswerScorers.LikelihoodName;

    /// <summary>Checks the values.</summary>
    /// <exception cref="InvalidSearchException">A value is out of its range.</exception>
    public void Validate()
    {
        if (Count < 1)
        {
            throw new InvalidSearchException(nameof(Count), $"Count is {Count}, but at least 1 answer is drawn. Raise it.");
        }

        if (string.IsNullOrEmpty(Scorer))
        {
            throw new InvalidSearchException(nameof(Scorer), "Scorer is empty, but must be the name of a scorer. Name one that the engine has, or leave it at 'likelihood'.");
        }
    }
}
