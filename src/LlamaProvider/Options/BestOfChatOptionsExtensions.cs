using System.Text.Json;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Scoring;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Options;

/// <summary>Best-of-n on <see cref="ChatOptions"/>: several answers are drawn at once, and a scorer says which one becomes the response's. See docs/search.md.</summary>
/// <remarks>
/// The others are on the response: <see cref="Chat.CandidateResponseExtensions.GetCandidates(ChatResponse)"/>. The prompt is evaluated once for all. A stream gets the answer as one piece, since
/// it is known at the end only. Constraints, phrases, lengths, stop sequences, tools and reasoning hold for each answer.
/// </remarks>
public static class BestOfChatOptionsExtensions
{
    /// <summary>Answers with the best of several draws, stored under <c>llama.best_of</c>.</summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="count">How many answers are drawn. Default: 4. Range: 1 to the engine's sequences.</param>
    /// <param name="scorer">
    /// Who judges: <see cref="AnswerScorers.LikelihoodName"/>, <see cref="AnswerScorers.SelfConsistencyName"/>, or a name in <see cref="LlamaEngineOptions.AnswerScorers"/>. Default:
    /// <see cref="AnswerScorers.LikelihoodName"/>.
    /// </param>
    /// <returns>The options.</returns>
    /// <exception cref="InvalidSearchException">A value is out of its range.</exception>
    public static ChatOptions UseBestOf(this ChatOptions options, int count = 4, string scorer = AnswerScorers.LikelihoodName)
    {
        var best = new BestOfOptions { Count = count, Scorer = scorer };
        best.Validate();
        return OptionValue.Set(options, LlamaOptionKeys.BestOf, JsonSerializer.SerializeToElement(best, SearchOptionsJson.Default.BestOf));
    }

    /// <summary>What <see cref="UseBestOf"/> stored, in whatever form it has arrived by now.</summary>
    /// <param name="options">The options.</param>
    /// <returns>How many are drawn and who judges, or <see langword="null"/> when it is not set.</returns>
    /// <exception cref="OptionNotSupportedException">What is stored cannot be read.</exception>
    public static BestOfOptions? GetBestOf(this ChatOptions options) => OptionValue.Find(options, LlamaOptionKeys.BestOf) switch
    {
        null => null,
        BestOfOptions best => best,
        var value => SearchOptionsJson.ReadBestOf(LlamaOptionKeys.BestOf, value),
    };
}
