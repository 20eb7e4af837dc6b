using LlamaProvider.Chat.Search;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Strategies.Beam;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Chat;

/// <summary>Finds the beam search of a request, from the strongest place that has one, and refuses what does not go with it.</summary>
internal static class BeamReader
{
    /// <returns>The search; <see langword="null"/> when there is none.</returns>
    /// <exception cref="OptionsConflictException">There are two, or another option excludes it.</exception>
    /// <exception cref="InvalidSearchException">A value is out of its range.</exception>
    public static RequestedBeams? Read(ChatOptions options, LlamaGenerationOptions? raw)
    {
        BeamSearchOptions? plain = raw?.BeamSearch ?? options.GetBeamSearch();
        DiverseBeamSearchOptions? diverse = raw?.DiverseBeamSearch ?? options.GetDiverseBeamSearch();
        if (plain is null && diverse is null)
        {
            return null;
        }

        plain?.Validate();
        diverse?.Validate();
        string plainName = SearchConflicts.Name(raw?.BeamSearch is not null, nameof(raw.BeamSearch), LlamaOptionKeys.BeamSearch);
        string diverseName = SearchConflicts.Name(raw?.DiverseBeamSearch is not null, nameof(raw.DiverseBeamSearch), LlamaOptionKeys.DiverseBeamSearch);
        if (plain is not null && diverse is not null)
        {
            throw new OptionsConflictException(
                plainName, diverseName, $"{plainName} and {diverseName} are set, but an answer is found by one search. Leave one unset.");
        }

        var beams = new RequestedBeams(plain is null ? diverseName : plainName, plain, diverse);
        SearchConflicts.RefuseShift(beams.Option, options);
        SearchConflicts.RefuseJumpForward(beams.Option, options, raw);
        return beams;
    }
}
