using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Strategies.Beam;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Options;

/// <summary>Beam search on <see cref="ChatOptions"/>: several texts are followed at once, and the most probable one becomes the answer. See docs/search.md.</summary>
/// <remarks>
/// The other texts are on the response: <see cref="Chat.BeamResponseExtensions.GetBeams(ChatResponse)"/>. Constraints, phrases, lengths, stop sequences, tools and reasoning hold for each of
/// them. A search takes as many of the engine's sequences as it is wide; what texts have in common they share.
/// </remarks>
public static class BeamChatOptionsExtensions
{
    /// <summary>Answers by beam search, stored under <c>llama.beam_search</c>.</summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="width">How many texts are kept. Default: 4. Range: 1 to the engine's sequences.</param>
    /// <param name="lengthPenalty">The power of a text's length by which its log-probability is divided. Default: 1. Range: finite; above 0 prefers long texts.</param>
    /// <param name="stopping">When the search ends. Default: <see cref="BeamStopping.Heuristic"/>.</param>
    /// <param name="sample">Whether the texts that go on are drawn by the request's samplers. Default: the most probable ones go on.</param>
    /// <returns>The options.</returns>
    /// <exception cref="InvalidSearchException">A value is out of its range.</exception>
    public static ChatOptions UseBeamSearch(
        this ChatOptions options, int width = 4, double lengthPenalty = 1, BeamStopping stopping = BeamStopping.Heuristic, bool sample = false) =>
        options.UseBeamSearch(new BeamSearchOptions { Width = width, LengthPenalty = lengthPenalty, Stopping = stopping, Sample = sample });

    /// <summary>Answers by beam search, stored under <c>llama.beam_search</c>.</summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="search">How to search.</param>
    /// <returns>The options.</returns>
    /// <exception cref="InvalidSearchException">A value is out of its range.</exception>
    public static ChatOptions UseBeamSearch(this ChatOptions options, BeamSearchOptions search)
    {
        ArgumentNullException.ThrowIfNull(search);
        search.Validate();
        return OptionValue.Set(options, LlamaOptionKeys.BeamSearch, BeamOptionsJson.Write(search));
    }

    /// <summary>Answers by diverse beam search, stored under <c>llama.diverse_beam_search</c>: groups of texts avoid each other's choices.</summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="width">How many texts are kept in all. Default: 4. Range: 2 to the engine's sequences.</param>
    /// <param name="groups">In how many groups, all equally wide. Default: 2. Range: 2 to <paramref name="width"/>.</param>
    /// <param name="diversityPenalty">What a token loses for each text of earlier groups that has chosen it in the same step. Default: 0.5. Range: above 0.</param>
    /// <returns>The options.</returns>
    /// <exception cref="InvalidSearchException">A value is out of its range.</exception>
    public static ChatOptions UseDiverseBeamSearch(this ChatOptions options, int width = 4, int groups = 2, double diversityPenalty = 0.5) =>
        options.UseDiverseBeamSearch(new DiverseBeamSearchOptions { Width = width, Groups = groups, DiversityPenalty = diversityPenalty });

    /// <summary>Answers by diverse beam search, stored under <c>llama.diverse_beam_search</c>.</summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="search">How to search.</param>
    /// <returns>The options.</returns>
    /// <exception cref="InvalidSearchException">A value is out of its range.</exception>
    public static ChatOptions UseDiverseBeamSearch(this ChatOptions options, DiverseBeamSearchOptions search)
    {
        ArgumentNullException.ThrowIfNull(search);
        search.Validate();
        return OptionValue.Set(options, LlamaOptionKeys.DiverseBeamSearch, BeamOptionsJson.Write(search));
    }

    /// <summary>What <c>UseBeamSearch</c> stored, in whatever form it has arrived by now.</summary>
    /// <param name="options">The options.</param>
    /// <returns>The search, or <see langword="null"/> when none is set.</returns>
    /// <exception cref="OptionNotSupportedException">What is stored cannot be read.</exception>
    public static BeamSearchOptions? GetBeamSearch(this ChatOptions options) => OptionValue.Find(options, LlamaOptionKeys.BeamSearch) switch
    {
        null => null,
        BeamSearchOptions search => search,
        var value => BeamOptionsJson.ReadBeam(LlamaOptionKeys.BeamSearch, value),
    };

    /// <summary>What <c>UseDiverseBeamSearch</c> stored, in whatever form it has arrived by now.</summary>
    /// <param name="options">The options.</param>
    /// <returns>The search, or <see langword="null"/> when none is set.</returns>
    /// <exception cref="OptionNotSupportedException">What is stored cannot be read.</exception>
    public static DiverseBeamSearchOptions? GetDiverseBeamSearch(this ChatOptions options) => OptionValue.Find(options, LlamaOptionKeys.DiverseBeamSearch) switch
    {
        null => null,
        DiverseBeamSearchOptions search => search,
        var value => BeamOptionsJson.ReadDiverse(LlamaOptionKeys.DiverseBeamSearch, value),
    };
}
