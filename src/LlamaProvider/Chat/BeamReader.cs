using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Selectors;
using LlamaProvider.Decoding.Sampling.Stages;
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
        string plainName = Name(raw?.BeamSearch is not null, nameof(raw.BeamSearch), LlamaOptionKeys.BeamSearch);
        string diverseName = Name(raw?.DiverseBeamSearch is not null, nameof(raw.DiverseBeamSearch), LlamaOptionKeys.DiverseBeamSearch);
        if (plain is not null && diverse is not null)
        {
            throw new OptionsConflictException(
                plainName, diverseName, $"{plainName} and {diverseName} are set, but an answer is found by one search. Leave one unset.");
        }

        var beams = new RequestedBeams(plain is null ? diverseName : plainName, plain, diverse);
        RefuseOthers(options, raw, beams);
        return beams;
    }

    /// <summary>The samplers when the request names none: a search that does not draw has no use for stages that shape a draw.</summary>
    public static SamplerPipeline Defaults(RequestedBeams? beams, SamplerPipeline defaults) =>
        beams is null or { IsDrawn: true } ? defaults : new SamplerPipeline(defaults.Stages.Where(static stage => !ShapesDraws(stage)), new GreedySelector());

    /// <summary>The samplers as the search applies them.</summary>
    /// <exception cref="OptionsConflictException">There is one that does not go with it.</exception>
    public static SamplerPipeline Check(RequestedBeams? beams, SamplerPipeline samplers)
    {
        if (beams is null)
        {
            return samplers;
        }

        if (samplers.Selector is not (CategoricalSelector or GreedySelector))
        {
            throw Conflict(beams, samplers.Selector.Name, "chooses one token by what it remembers of one text, but a search follows several. Leave it out");
        }

        // Temperature 0 is how others say "do not draw", which such a search does not.
        samplers = beams.IsDrawn ? samplers : new SamplerPipeline(samplers.Stages.Where(static stage => stage is not TemperatureStage { Temperature: 0 }), samplers.Selector);
        return !beams.IsDrawn && samplers.Stages.FirstOrDefault(ShapesDraws) is { } shaping
            ? throw Conflict(beams, shaping.Name, $"shapes a draw, but this search does not draw. Leave it out, or use {LlamaOptionKeys.BeamSearch} with sample = true")
            : samplers;
    }

    private static void RefuseOthers(ChatOptions options, LlamaGenerationOptions? raw, RequestedBeams beams)
    {
        if (options.GetContextOverflow() == ContextOverflow.Shift)
        {
            throw Conflict(beams, LlamaOptionKeys.ContextOverflow, "is 'shift', which moves cells, but the texts of a search share theirs. Use 'truncate_oldest' or 'error'");
        }

        if (raw?.JumpForward == true || options.GetJumpForward() == true)
        {
            throw Conflict(
                beams, Name(raw?.JumpForward == true, nameof(raw.JumpForward), LlamaOptionKeys.JumpForward), "is true, but a search asks the model for every token, since it compares what they score. Leave it unset");
        }
    }

    private static bool ShapesDraws(SamplerStage stage) => stage is TopKStage or TopPStage or MinPStage or TypicalStage or TopNSigmaStage or TopHStage
        or EpsilonCutoffStage or EtaCutoffStage or XtcStage or TemperatureStage or DynamicTemperatureStage or InfillStage;

    private static OptionsConflictException Conflict(RequestedBeams beams, string other, string reason) =>
        new(beams.Option, other, $"{beams.Option} and {other} are set: {other} {reason}.");

    private static string Name(bool isRaw, string rawOption, string key) => isRaw ? $"{nameof(LlamaGenerationOptions)}.{rawOption}" : key;
}
