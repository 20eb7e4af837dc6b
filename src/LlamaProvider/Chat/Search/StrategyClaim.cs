using LlamaProvider.Options;

namespace LlamaProvider.Chat.Search;

/// <summary>An option that says how the answer is found.</summary>
/// <param name="Option">The option, as errors name it.</param>
/// <param name="Way">What it does, as errors say it.</param>
/// <param name="Texts">Texts that it follows at once.</param>
/// <param name="Size">What sets their number, as errors name it.</param>
internal sealed record StrategyClaim(string Option, string Way, int Texts = 1, string Size = "")
{
    private const string Drafts = "drafts are verified against what the model says of one text";
    private const string Guidance = "guidance changes what the model says of one text";

    /// <summary>The claims of a request.</summary>
    public static IEnumerable<StrategyClaim> Of(GenerationSettings settings)
    {
        if (settings.Beams is { } beams)
        {
            yield return new StrategyClaim(beams.Option, "a beam search follows several texts", beams.Width, "width");
        }

        if (settings.Contrastive is { } contrastive)
        {
            yield return new StrategyClaim(contrastive.Option, "contrastive search compares the ways in which one text goes on", contrastive.Options.TopK, "top_k");
        }

        if (settings.BestOf is { } best)
        {
            yield return new StrategyClaim(best.Option, "best-of-n draws several texts", best.Options.Count, "count");
        }

        if (settings.Guidance is { } guidance)
        {
            yield return new StrategyClaim(guidance.Option, Guidance, settings.HasNegativePrompt ? 2 : 1, "negative prompt");
        }

        if (settings.TokenGuide is { } guide)
        {
            yield return new StrategyClaim(guide.Option, Guidance);
        }

        if (settings is { Speculative: not null } or { Lookup: not null })
        {
            yield return new StrategyClaim(settings.Speculative is not null ? LlamaOptionKeys.SpeculativeDecoding : LlamaOptionKeys.PromptLookup, Drafts);
        }
    }

    /// <summary>Refuses two ways to find one answer. Both kinds of guidance are one way.</summary>
    /// <exception cref="OptionsConflictException">There are two.</exception>
    public static void RequireOne(GenerationSettings settings)
    {
        StrategyClaim[] claims = [.. Of(settings)];
        if (claims.FirstOrDefault(claim => claim.Way != claims[0].Way) is { } other)
        {
            throw new OptionsConflictException(claims[0].Option, other.Option, $"{claims[0].Option} and {other.Option} are set, but {claims[0].Way} and {other.Way}. Leave one unset.");
        }
    }

    /// <summary>Refuses more texts than an engine can follow for one request.</summary>
    /// <exception cref="OptionNotSupportedException">There are more.</exception>
    public static void RequireRoom(GenerationSettings settings, int most)
    {
        foreach (StrategyClaim claim in Of(settings))
        {
            if (claim.Texts > most)
            {
                string size = claim.Way == Guidance ? $"has a {claim.Size}, which makes {claim.Texts} texts" : $"has a {claim.Size} of {claim.Texts}";
                throw new OptionNotSupportedException(
                    claim.Option,
                    $"{claim.Option} {size}, but this engine can follow {most} texts at once. " +
                    $"Search less widely, or raise {nameof(LlamaEngineOptions)}.{nameof(LlamaEngineOptions.Sequences)}.");
            }
        }
    }
}
