using System.Collections.Immutable;
using System.Text.Json;
using LlamaProvider.Decoding.Sampling.Selectors;
using LlamaProvider.Decoding.Sampling.Stages;

namespace LlamaProvider.Decoding.Sampling;

/// <summary>How the next token is chosen: stages that edit the candidates, in this order, then a selector that chooses from what is left.</summary>
/// <remarks>
/// Immutable, compared by value, safe for concurrent use and reuse; what a request remembers lies elsewhere. The order is part of the meaning: llama.cpp
/// applies min-p before the temperature, transformers after it, and the results differ.
/// </remarks>
public sealed class SamplerPipeline : IEquatable<SamplerPipeline>
{
    /// <summary>Creates a pipeline.</summary>
    /// <param name="stages">The stages, first to last. The same kind may occur more than once.</param>
    /// <param name="selector">Chooses from what is left. Default: a draw.</param>
    public SamplerPipeline(IEnumerable<SamplerStage> stages, TokenSelector? selector = null)
    {
        ArgumentNullException.ThrowIfNull(stages);
        Stages = [.. stages];
        Selector = selector ?? new CategoricalSelector();
    }

    /// <summary>Always the most probable token.</summary>
    public static SamplerPipeline Deterministic { get; } = new([], new GreedySelector());

    /// <summary>llama.cpp's defaults: top-k 40, top-p 0.95, min-p 0.05, temperature 0.8, a draw. What requests get that say nothing, unless the model recommends other values.</summary>
    public static SamplerPipeline Balanced { get; } = Create(s => s.TopK(40).TopP(0.95).MinP(0.05).Temperature(0.8));

    /// <summary>For stories and ideas: repetitions are discouraged (DRY), min-p 0.03 removes what makes no sense, temperature 1.2.</summary>
    public static SamplerPipeline Creative { get; } = Create(s => s.Dry().MinP(0.03).Temperature(1.2));

    /// <summary>The stages, first to last.</summary>
    public ImmutableArray<SamplerStage> Stages { get; }

    /// <summary>Chooses from what the stages leave.</summary>
    public TokenSelector Selector { get; }

    /// <summary>Builds a pipeline.</summary>
    /// <param name="build">Adds stages in the order in which they are to run.</param>
    /// <exception cref="InvalidSamplerException">A value is out of its range, or there are two selectors.</exception>
    public static SamplerPipeline Create(Action<SamplerPipelineBuilder> build)
    {
        ArgumentNullException.ThrowIfNull(build);
        var builder = new SamplerPipelineBuilder();
        build(builder);
        return builder.Build();
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote, or the same written by hand: an array of objects whose <c>type</c> names the stage.</summary>
    /// <param name="json">The array. Numbers may also be texts, and whole numbers may have a fraction of zero; a component without values may be its name alone.</param>
    /// <exception cref="InvalidSamplerException">It is malformed, or a value is out of its range. The message says where.</exception>
    public static SamplerPipeline FromJson(JsonElement json) => SamplerJson.Read(json);

    /// <summary>The pipeline as JSON: <c>[{"type":"top_k","top_k":40}, …, {"type":"categorical"}]</c>.</summary>
    public JsonElement ToJson() => SamplerJson.Write(this);

    /// <summary>
    /// This pipeline with a stage: in place of those of its kind, or, if there is none, where the default order has it. The two temperatures are one kind;
    /// custom stages are one kind only under the same name.
    /// </summary>
    /// <param name="stage">The stage.</param>
    public SamplerPipeline With(SamplerStage stage)
    {
        ArgumentNullException.ThrowIfNull(stage);
        SamplerStage? place = Stages.FirstOrDefault(other => other.Kind == stage.Kind)
            ?? Stages.FirstOrDefault(other => other.DefaultPosition > stage.DefaultPosition);
        int index = place is null ? Stages.Length : Stages.IndexOf(place);
        return new SamplerPipeline(Stages.Insert(index, stage).Where((other, at) => at == index || other.Kind != stage.Kind), Selector);
    }

    /// <summary>This pipeline with another selector.</summary>
    /// <param name="selector">The selector.</param>
    public SamplerPipeline With(TokenSelector selector)
    {
        ArgumentNullException.ThrowIfNull(selector);
        return new SamplerPipeline(Stages, selector);
    }

    /// <inheritdoc/>
    public bool Equals(SamplerPipeline? other) => other is not null && Selector == other.Selector && Stages.SequenceEqual(other.Stages);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SamplerPipeline);

    /// <inheritdoc/>
    public override int GetHashCode() => Stages.Aggregate(Selector.GetHashCode(), HashCode.Combine);

    /// <summary>The JSON text.</summary>
    public override string ToString() => ToJson().GetRawText();
}
