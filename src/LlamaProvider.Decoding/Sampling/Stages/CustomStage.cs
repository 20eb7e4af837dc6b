using System.Text.Json;
using System.Text.Json.Serialization;
using LlamaProvider.Decoding.Sampling.Selection;

namespace LlamaProvider.Decoding.Sampling.Stages;

/// <summary>A stage of the user's own, named; the engine knows what stands behind the name.</summary>
public sealed record CustomStage : SamplerStage
{
    internal const string TypeName = "custom";
    private readonly ICustomSampler? _sampler;

    /// <summary>Creates the stage.</summary>
    /// <param name="sampler">The name under which an <see cref="ICustomSampler"/> is registered with the engine.</param>
    /// <param name="parameters">What its factory receives, or <see langword="null"/>.</param>
    /// <exception cref="InvalidSamplerException">The name is empty.</exception>
    [JsonConstructor]
    public CustomStage(string sampler, JsonElement? parameters = null)
    {
        Sampler = string.IsNullOrWhiteSpace(sampler)
            ? throw new InvalidSamplerException("sampler", "The name of a custom sampler is empty. Give the name that it is registered under.")
            : sampler;
        Parameters = parameters?.Clone();
    }

    private CustomStage(CustomStage stage, ICustomSampler sampler)
    {
        Sampler = stage.Sampler;
        Parameters = stage.Parameters;
        _sampler = sampler;
    }

    /// <summary>The name under which it is registered.</summary>
    [JsonPropertyName("sampler")]
    public string Sampler { get; }

    /// <summary>What its factory receives.</summary>
    [JsonPropertyName("parameters")]
    public JsonElement? Parameters { get; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => TypeName;

    internal override int DefaultPosition => 160;

    internal override string Kind => $"{TypeName} {Sampler}";

    internal override string Label => Sampler;

    /// <inheritdoc/>
    public bool Equals(CustomStage? other) =>
        other is not null && Sampler == other.Sampler
        && (Parameters is { } mine ? other.Parameters is { } theirs && JsonElement.DeepEquals(mine, theirs) : other.Parameters is null);

    /// <inheritdoc/>
    public override int GetHashCode() => Sampler.GetHashCode(StringComparison.Ordinal);

    internal override SamplerComponent Bind(SamplerBinding binding)
    {
        if (!binding.CustomSamplers.TryGetValue(Sampler, out CustomSamplerFactory? factory))
        {
            string known = binding.CustomSamplers.Count == 0 ? "none is" : $"these are: {string.Join(", ", binding.CustomSamplers.Keys.Order(StringComparer.Ordinal))}";
            throw new InvalidSamplerException(Sampler, $"The custom sampler '{Sampler}' is not registered with the engine ({known}). Register it, or correct the name.");
        }

        try
        {
            return new CustomStage(this, factory(Parameters));
        }
        catch (Exception error) when (error is not LlamaException)
        {
            throw new InvalidSamplerException(Sampler, $"The custom sampler '{Sampler}' refuses its parameters {Parameters?.GetRawText() ?? "(none)"}: {error.Message}", error);
        }
    }

    internal override void Apply(ref Candidates candidates, in StageContext context)
    {
        if (candidates.IsMasked)
        {
            // It may write any number, and what a constraint forbids must stay forbidden.
            candidates.KeepFinite();
        }

        Span<float> logits = candidates.EditLogits();
        _sampler!.Apply(new CustomSamplerContext(context), candidates.Tokens, logits);
        if (!candidates.IsWhole)
        {
            candidates.KeepFinite();
        }
    }
}
