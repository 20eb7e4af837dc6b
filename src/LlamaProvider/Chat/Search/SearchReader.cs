using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Selectors;
using LlamaProvider.Decoding.Sampling.Stages;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Strategies.Contrastive;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Chat.Search;

/// <summary>Finds contrastive search, guidance and best-of-n of a request, each from the strongest place that has it, and refuses what does not go with it.</summary>
internal static class SearchReader
{
    /// <exception cref="InvalidSearchException">A value is out of its range.</exception>
    /// <exception cref="OptionsConflictException">Another option excludes it.</exception>
    public static Requested<ContrastiveSearchOptions>? ReadContrastive(ChatOptions options, LlamaGenerationOptions? raw)
    {
        Requested<ContrastiveSearchOptions>? search = Find(
            raw?.ContrastiveSearch, nameof(raw.ContrastiveSearch), LlamaOptionKeys.ContrastiveSearch, options.GetContrastiveSearch, static search => search.Validate());
        SearchConflicts.RefuseShift(search?.Option, options);
        SearchConflicts.RefuseJumpForward(search?.Option, options, raw);
        return search;
    }

    /// <inheritdoc cref="ReadContrastive"/>
    public static Requested<GuidanceOptions>? ReadGuidance(ChatOptions options, LlamaGenerationOptions? raw)
    {
        Requested<GuidanceOptions>? guidance = Find(raw?.Guidance, nameof(raw.Guidance), LlamaOptionKeys.Guidance, options.GetGuidance, static guidance => guidance.Validate());
        if (guidance is not null && options.GetContextOverflow() == ContextOverflow.Shift)
        {
            throw SearchConflicts.Conflict(
                guidance.Option, LlamaOptionKeys.ContextOverflow, "is 'shift', which forgets the same range of all texts, but the two prompts of guidance differ. Use 'truncate_oldest' or 'error'");
        }

        return guidance;
    }

    /// <inheritdoc cref="ReadContrastive"/>
    public static Requested<TokenGuideOptions>? ReadTokenGuide(ChatOptions options, LlamaGenerationOptions? raw) =>
        Find(raw?.TokenGuide, nameof(raw.TokenGuide), LlamaOptionKeys.TokenGuide, options.GetTokenGuide, static guide => guide.Validate());

    /// <inheritdoc cref="ReadContrastive"/>
    public static Requested<BestOfOptions>? ReadBestOf(ChatOptions options, LlamaGenerationOptions? raw)
    {
        Requested<BestOfOptions>? best = Find(raw?.BestOf, nameof(raw.BestOf), LlamaOptionKeys.BestOf, options.GetBestOf, static best => best.Validate());
        SearchConflicts.RefuseShift(best?.Option, options);
        SearchConflicts.RefuseJumpForward(best?.Option, options, raw);
        return best;
    }

    /// <summary>Refuses to draw the same answer several times.</summary>
    public static void RequireDraws(Requested<BestOfOptions>? best, SamplerPipeline samplers)
    {
        string? greedy = samplers.Selector is GreedySelector ? samplers.Selector.Name : samplers.Stages.OfType<TemperatureStage>().FirstOrDefault(static stage => stage.Temperature == 0)?.Name;
        if (best is { Options.Count: > 1 } && greedy is not null)
        {
            throw SearchConflicts.Conflict(
                best.Option, greedy, $"always takes the most probable token, so all {best.Options.Count} answers would be the same. Set a temperature above 0, or leave {best.Option} unset");
        }
    }

    private static Requested<T>? Find<T>(T? raw, string rawName, string key, Func<T?> find, Action<T> validate)
        where T : class
    {
        if ((raw ?? find()) is not { } found)
        {
            return null;
        }

        validate(found);
        return new Requested<T>(SearchConflicts.Name(raw is not null, rawName, key), found);
    }
}
