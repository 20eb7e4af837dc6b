using System.Text.Json;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Strategies.Contrastive;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Options;

/// <summary>Contrastive search on <see cref="ChatOptions"/>: probable tokens that do not say again what the text has said. See docs/search.md.</summary>
/// <remarks>
/// It needs a model that gives hidden states, and takes as many of the engine's sequences as it compares tokens. Prompts are read in pieces of half of
/// <see cref="LlamaEngineOptions.HiddenStateTokens"/>, and not from what the engine has kept. Constraints, phrases, lengths, stop sequences, tools and reasoning hold.
/// </remarks>
public static class ContrastiveChatOptionsExtensions
{
    /// <summary>Answers by contrastive search, stored under <c>llama.contrastive_search</c>.</summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="topK">How many of the most probable tokens are compared. Default: 4. Range: 1 to the engine's sequences.</param>
    /// <param name="alpha">How much repetition weighs against probability. Default: 0.6. Range: 0 to 1.</param>
    /// <returns>The options.</returns>
    /// <exception cref="InvalidSearchException">A value is out of its range.</exception>
    public static ChatOptions UseContrastiveSearch(this ChatOptions options, int topK = 4, double alpha = 0.6)
    {
        var search = new ContrastiveSearchOptions { TopK = topK, Alpha = alpha };
        search.Validate();
        return OptionValue.Set(options, LlamaOptionKeys.ContrastiveSearch, JsonSerializer.SerializeToElement(search, SearchOptionsJson.Default.Contrastive));
    }

    /// <summary>What <see cref="UseContrastiveSearch"/> stored, in whatever form it has arrived by now.</summary>
    /// <param name="options">The options.</param>
    /// <returns>The search, or <see langword="null"/> when none is set.</returns>
    /// <exception cref="OptionNotSupportedException">What is stored cannot be read.</exception>
    public static ContrastiveSearchOptions? GetContrastiveSearch(this ChatOptions options) => OptionValue.Find(options, LlamaOptionKeys.ContrastiveSearch) switch
    {
        null => null,
        ContrastiveSearchOptions search => search,
        var value => SearchOptionsJson.ReadContrastive(LlamaOptionKeys.ContrastiveSearch, value),
    };
}
