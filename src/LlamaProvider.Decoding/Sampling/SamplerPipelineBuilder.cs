using System.Text.Json;
using System.Text.Json.Nodes;
using LlamaProvider.Decoding.Sampling.Selectors;
using LlamaProvider.Decoding.Sampling.Stages;

namespace LlamaProvider.Decoding.Sampling;

/// <summary>Adds stages in the order in which they are to run. Without a selector the pipeline ends in a draw.</summary>
/// <remarks>Every method returns the builder, and raises <see cref="InvalidSamplerException"/> for a value out of its range. Not safe for concurrent use.</remarks>
public sealed class SamplerPipelineBuilder
{
    private readonly List<SamplerStage> _stages = [];
    private TokenSelector? _selector;

    /// <summary>Adds the stages of another pipeline, and its selector if it is not a draw.</summary>
    /// <param name="pipeline">The pipeline, for example a preset.</param>
    public SamplerPipelineBuilder From(SamplerPipeline pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        foreach (SamplerStage stage in pipeline.Stages)
        {
            Add(stage);
        }

        return pipeline.Selector is CategoricalSelector ? this : Select(pipeline.Selector);
    }

    /// <inheritdoc cref="LogitBiasStage(IReadOnlyDictionary{int, double})"/>
    public SamplerPipelineBuilder LogitBias(IReadOnlyDictionary<int, double> logitBias) => Add(new LogitBiasStage(logitBias));

    /// <inheritdoc cref="PenaltiesStage(double, double, double, int?, bool)"/>
    public SamplerPipelineBuilder Penalties(
        double repeat = 1, double frequency = 0, double presence = 0, int? lastTokens = null, bool countPrompt = false) =>
        Add(new PenaltiesStage(repeat, frequency, presence, lastTokens, countPrompt));

    /// <inheritdoc cref="DryStage(double, double, int, int?, IReadOnlyList{string})"/>
    public SamplerPipelineBuilder Dry(
        double multiplier = 0.8, double @base = 1.75, int allowedLength = 2, int? lastTokens = null, IReadOnlyList<string>? sequenceBreakers = null) =>
        Add(new DryStage(multiplier, @base, allowedLength, lastTokens, sequenceBreakers));

    /// <inheritdoc cref="NoRepeatNgramStage(int)"/>
    public SamplerPipelineBuilder NoRepeatNgram(int size) => Add(new NoRepeatNgramStage(size));

    /// <inheritdoc cref="ExponentialDecayLengthStage(int, double)"/>
    public SamplerPipelineBuilder ExponentialDecayLength(int start, double factor) => Add(new ExponentialDecayLengthStage(start, factor));

    /// <inheritdoc cref="TopNSigmaStage(double)"/>
    public SamplerPipelineBuilder TopNSigma(double n) => Add(new TopNSigmaStage(n));

    /// <inheritdoc cref="TopKStage(int, bool)"/>
    public SamplerPipelineBuilder TopK(int k, bool keepTies = false) => Add(new TopKStage(k, keepTies));

    /// <inheritdoc cref="TypicalStage(double, int, bool)"/>
    public SamplerPipelineBuilder Typical(double p, int minKeep = 1, bool keepTies = false) => Add(new TypicalStage(p, minKeep, keepTies));

    /// <inheritdoc cref="TopPStage(double, int)"/>
    public SamplerPipelineBuilder TopP(double p, int minKeep = 1) => Add(new TopPStage(p, minKeep));

    /// <inheritdoc cref="MinPStage(double, int)"/>
    public SamplerPipelineBuilder MinP(double p, int minKeep = 1) => Add(new MinPStage(p, minKeep));

    /// <inheritdoc cref="EpsilonCutoffStage(double, int)"/>
    public SamplerPipelineBuilder EpsilonCutoff(double epsilon, int minKeep = 1) => Add(new EpsilonCutoffStage(epsilon, minKeep));

    /// <inheritdoc cref="EtaCutoffStage(double, int)"/>
    public SamplerPipelineBuilder EtaCutoff(double epsilon, int minKeep = 1) => Add(new EtaCutoffStage(epsilon, minKeep));

    /// <inheritdoc cref="TopHStage(double, int)"/>
    public SamplerPipelineBuilder TopH(double h, int n = 100) => Add(new TopHStage(h, n));

    /// <inheritdoc cref="XtcStage(double, double, int)"/>
    public SamplerPipelineBuilder Xtc(double probability = 0.5, double threshold = 0.1, int minKeep = 1) => Add(new XtcStage(probability, threshold, minKeep));

    /// <summary>Adds an <see cref="InfillStage"/>, for filling gaps in code.</summary>
    public SamplerPipelineBuilder Infill() => Add(new InfillStage());

    /// <inheritdoc cref="TemperatureStage(double)"/>
    public SamplerPipelineBuilder Temperature(double temperature) => Add(new TemperatureStage(temperature));

    /// <inheritdoc cref="DynamicTemperatureStage(double, double, double)"/>
    public SamplerPipelineBuilder DynamicTemperature(double temperature, double range, double exponent = 1) =>
        Add(new DynamicTemperatureStage(temperature, range, exponent));

    /// <summary>Adds a stage of your own that is registered with the engine.</summary>
    /// <param name="sampler">The name under which it is registered.</param>
    /// <param name="parameters">What its factory receives: a number, a text, a <see cref="JsonObject"/>, or nothing.</param>
    public SamplerPipelineBuilder Custom(string sampler, JsonNode? parameters = null) =>
        Add(new CustomStage(sampler, parameters is null ? null : JsonElement.Parse(parameters.ToJsonString())));

    /// <summary>Ends the pipeline: always the most probable token.</summary>
    public SamplerPipelineBuilder Greedy() => Select(new GreedySelector());

    /// <summary>Ends the pipeline: a draw from the probabilities. The default.</summary>
    public SamplerPipelineBuilder Categorical() => Select(new CategoricalSelector());

    /// <inheritdoc cref="MirostatSelector(double, double, int)"/>
    public SamplerPipelineBuilder Mirostat(double tau = 5, double eta = 0.1, int m = 100) => Select(new MirostatSelector(tau, eta, m));

    /// <inheritdoc cref="MirostatV2Selector(double, double)"/>
    public SamplerPipelineBuilder MirostatV2(double tau = 5, double eta = 0.1) => Select(new MirostatV2Selector(tau, eta));

    /// <inheritdoc cref="AdaptivePSelector(double, double)"/>
    public SamplerPipelineBuilder AdaptiveP(double target, double decay = 0.9) => Select(new AdaptivePSelector(target, decay));

    /// <summary>Adds a stage or the selector.</summary>
    /// <param name="component">The stage or selector.</param>
    public SamplerPipelineBuilder Add(SamplerComponent component)
    {
        ArgumentNullException.ThrowIfNull(component);
        if (_selector is not null)
        {
            throw component is TokenSelector
                ? new InvalidSamplerException(
                    component.Name, $"The pipeline has two selectors, '{_selector.Name}' and '{component.Name}', but one of them chooses the token. Leave one out.")
                : new InvalidSamplerException(
                    component.Name, $"The stage '{component.Name}' comes after the selector '{_selector.Name}', which ends the pipeline. Put it before.");
        }

        if (component is SamplerStage stage)
        {
            _stages.Add(stage);
        }
        else
        {
            _selector = (TokenSelector)component;
        }

        return this;
    }

    /// <summary>The pipeline.</summary>
    public SamplerPipeline Build() => new(_stages, _selector);

    private SamplerPipelineBuilder Select(TokenSelector selector) => Add(selector);
}
