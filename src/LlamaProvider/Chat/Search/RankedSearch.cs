using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Selectors;
using LlamaProvider.Decoding.Sampling.Stages;
using LlamaProvider.Options;

namespace LlamaProvider.Chat.Search;

/// <summary>A search that ranks tokens instead of choosing one, as far as samplers are concerned.</summary>
/// <param name="Option">The option that asks for it.</param>
/// <param name="IsDrawn">Whether texts are drawn.</param>
internal sealed record RankedSearch(string Option, bool IsDrawn)
{
    /// <summary>The samplers when the request names none: a search that does not draw has no use for stages that shape a draw.</summary>
    public static SamplerPipeline Defaults(RankedSearch? search, SamplerPipeline defaults) =>
        search is null or { IsDrawn: true } ? defaults : new SamplerPipeline(defaults.Stages.Where(static stage => !ShapesDraws(stage)), new GreedySelector());

    /// <summary>The samplers as the search applies them.</summary>
    /// <exception cref="OptionsConflictException">There is one that does not go with it.</exception>
    public static SamplerPipeline Check(RankedSearch? search, SamplerPipeline samplers)
    {
        if (search is null)
        {
            return samplers;
        }

        if (samplers.Selector is not (CategoricalSelector or GreedySelector))
        {
            throw SearchConflicts.Conflict(
                search.Option, samplers.Selector.Name, "chooses one token by what it remembers of one text, but a search follows several. Leave it out");
        }

        // Temperature 0 is how others say "do not draw", which such a search does not.
        samplers = search.IsDrawn ? samplers : new SamplerPipeline(samplers.Stages.Where(static stage => stage is not TemperatureStage { Temperature: 0 }), samplers.Selector);
        return !search.IsDrawn && samplers.Stages.FirstOrDefault(ShapesDraws) is { } shaping
            ? throw SearchConflicts.Conflict(
                search.Option, shaping.Name, $"shapes a draw, but this search does not draw. Leave it out, or use {LlamaOptionKeys.BeamSearch} with sample = true")
            : samplers;
    }

    private static bool ShapesDraws(SamplerStage stage) => stage is TopKStage or TopPStage or MinPStage or TypicalStage or TopNSigmaStage or TopHStage
        or EpsilonCutoffStage or EtaCutoffStage or XtcStage or TemperatureStage or DynamicTemperatureStage or InfillStage;
}
