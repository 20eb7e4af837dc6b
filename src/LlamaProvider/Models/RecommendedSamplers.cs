using System.Globalization;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Selectors;
using LlamaProvider.Decoding.Sampling.Stages;
using Microsoft.Extensions.Logging;

namespace LlamaProvider.Models;

/// <summary>The pipeline that a model file recommends (<c>general.sampling.*</c>), on top of <see cref="SamplerPipeline.Balanced"/>.</summary>
/// <remarks>
/// Keys, names and rules are llama.cpp's. A value that cannot be used is left out with a warning: the file is not the user's, so it must not stop a request.
/// </remarks>
internal sealed partial class RecommendedSamplers
{
    private const string Prefix = "general.sampling.";
    private static readonly string[] DefaultSequence = ["penalties", "dry", "top_n_sigma", "top_k", "typ_p", "top_p", "min_p", "xtc", "temperature"];

    private readonly IReadOnlyDictionary<string, string> _metadata;
    private readonly ILogger _logger;

    private RecommendedSamplers(IReadOnlyDictionary<string, string> metadata, ILogger logger)
    {
        _metadata = metadata;
        _logger = logger;
    }

    /// <summary>Reads a model's metadata.</summary>
    public static SamplerPipeline Read(IReadOnlyDictionary<string, string> metadata, ILogger logger) =>
        metadata.Keys.Any(key => key.StartsWith(Prefix, StringComparison.Ordinal)) ? new RecommendedSamplers(metadata, logger).Read() : SamplerPipeline.Balanced;

    private SamplerPipeline Read()
    {
        TemperatureStage temperature = Make("temp", 0.8, value => new TemperatureStage(value));
        double mirostat = Number("mirostat") ?? 0;
        if (mirostat is 1 or 2)
        {
            // llama.cpp then leaves out all other stages.
            MirostatV2Selector second = Make("mirostat_tau", 5, tau => new MirostatV2Selector(tau));
            second = Make("mirostat_eta", 0.1, eta => new MirostatV2Selector(second.Tau, eta));
            return new SamplerPipeline([temperature], mirostat == 1 ? new MirostatSelector(second.Tau, second.Eta) : second);
        }

        string[] sequence = _metadata.TryGetValue(Prefix + "sequence", out string? names)
            ? names.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : DefaultSequence;
        return new SamplerPipeline(sequence.Select(name => ToStage(name, temperature)).OfType<SamplerStage>());
    }

    /// <summary>The stage of a name in the sequence; <see langword="null"/> where its values make it do nothing.</summary>
    private SamplerStage? ToStage(string name, TemperatureStage temperature)
    {
        switch (name.Replace('-', '_'))
        {
            case "penalties":
                return ReadPenalties() is { Repeat: not 1 } penalties ? penalties : null;
            case "top_k":
                return Make("top_k", 40, value => new TopKStage((int)Math.Max(0, value)));
            case "top_p" or "nucleus":
                return Make("top_p", 0.95, value => new TopPStage(value));
            case "min_p":
                return Make("min_p", 0.05, value => new MinPStage(value));
            case "xtc":
                XtcStage xtc = Make("xtc_probability", 0, value => new XtcStage(value));
                xtc = Make("xtc_threshold", 0.1, value => new XtcStage(xtc.Probability, value));
                return xtc.Probability > 0 ? xtc : null;
            case "temperature" or "temp":
                return temperature;
            case "infill":
                return new InfillStage();
            case "dry" or "top_n_sigma" or "typ_p" or "typical" or "typical_p" or "typ" or "adaptive_p":
                // Off by default, and the file has no key that would switch them on.
                return null;
            default:
                UnknownStage(_logger, name);
                return null;
        }
    }

    private PenaltiesStage ReadPenalties()
    {
        double window = Number("penalty_last_n") ?? PenaltiesStage.DefaultRepeatLastTokens;
        int? lastTokens = window switch
        {
            0 => null,
            < 0 => int.MaxValue,
            _ => (int)Math.Min(window, int.MaxValue),
        };
        return lastTokens is null ? new PenaltiesStage() : Make("penalty_repeat", 1, value => new PenaltiesStage(value, lastTokens: lastTokens));
    }

    /// <summary>A component with the file's value, or with the default when the file has none or one that cannot be used.</summary>
    private T Make<T>(string key, double otherwise, Func<double, T> create)
    {
        try
        {
            return create(Number(key) ?? otherwise);
        }
        catch (InvalidSamplerException error)
        {
            UnusableValue(_logger, Prefix + key, error.Message);
            return create(otherwise);
        }
    }

    private double? Number(string key)
    {
        if (!_metadata.TryGetValue(Prefix + key, out string? text))
        {
            return null;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value))
        {
            return value;
        }

        UnusableValue(_logger, Prefix + key, $"'{text}' is not a finite number.");
        return null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The model file recommends {Key}, which is left out: {Reason}")]
    private static partial void UnusableValue(ILogger logger, string key, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The model file recommends the sampler '{Name}', which this library does not know; it is left out.")]
    private static partial void UnknownStage(ILogger logger, string name);
}
