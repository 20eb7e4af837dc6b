using System.Globalization;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Stages;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Chat;

/// <summary>Finds the pipeline of a request.</summary>
/// <remarks>
/// From the strongest to the weakest: <see cref="LlamaGenerationOptions.Samplers"/>; <c>llama.samplers</c>, edited by single values such as
/// <c>llama.min_p</c>; the default pipeline, edited by the typed options and then by single values. The default pipeline is what the model recommends, else ours.
/// </remarks>
internal static class SamplerReader
{
    public static SamplerPipeline Read(ChatOptions options, LlamaGenerationOptions? raw, SamplerPipeline defaults)
    {
        if (raw?.Samplers is { } samplers)
        {
            return samplers;
        }

        return SamplerScalars.Edit(options.GetSamplers() ?? EditTyped(options, defaults), options.AdditionalProperties);
    }

    private static SamplerPipeline EditTyped(ChatOptions options, SamplerPipeline samplers)
    {
        if (options.Temperature is float temperature)
        {
            samplers = samplers.With(Make(nameof(options.Temperature), () => new TemperatureStage(Exact(temperature))));
        }

        if (options.TopK is int k)
        {
            samplers = samplers.With(Make(nameof(options.TopK), () => new TopKStage(k)));
        }

        if (options.TopP is float p)
        {
            samplers = samplers.With(Make(nameof(options.TopP), () => new TopPStage(Exact(p))));
        }

        PenaltiesStage penalties = samplers.Stages.OfType<PenaltiesStage>().FirstOrDefault() ?? new PenaltiesStage();
        PenaltiesStage edited = penalties;
        if (options.FrequencyPenalty is float frequency)
        {
            edited = Make(
                nameof(options.FrequencyPenalty),
                () => new PenaltiesStage(edited.Repeat, Exact(frequency), edited.Presence, edited.LastTokens, edited.CountPrompt));
        }

        if (options.PresencePenalty is float presence)
        {
            edited = Make(
                nameof(options.PresencePenalty),
                () => new PenaltiesStage(edited.Repeat, edited.Frequency, Exact(presence), edited.LastTokens, edited.CountPrompt));
        }

        return edited == penalties ? samplers : samplers.With(edited);
    }

    /// <summary>The error of a typed option names the option as it stands on ChatOptions.</summary>
    private static TStage Make<TStage>(string option, Func<TStage> create)
    {
        try
        {
            return create();
        }
        catch (InvalidSamplerException error)
        {
            throw new InvalidSamplerException(option, $"{option}: {error.Message}", error);
        }
    }

    /// <summary>The number that was written, not its nearest float: 0.95, not 0.949999988079071.</summary>
    private static double Exact(float value) => double.Parse(value.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
