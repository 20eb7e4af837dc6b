using System.Text.Json.Serialization;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling.Selection;
using LlamaProvider.Decoding.Sampling.Selectors;
using LlamaProvider.Decoding.Sampling.Stages;
using LlamaProvider.Decoding.Sampling.State;

namespace LlamaProvider.Decoding.Sampling;

/// <summary>A part of a <see cref="SamplerPipeline"/>: a stage that edits the candidates, or the selector that ends it.</summary>
/// <remarks>Immutable, compared by value, safe for concurrent use. In JSON an object whose <c>type</c> is <see cref="Name"/>.</remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(LogitBiasStage), LogitBiasStage.TypeName)]
[JsonDerivedType(typeof(PenaltiesStage), PenaltiesStage.TypeName)]
[JsonDerivedType(typeof(DryStage), DryStage.TypeName)]
[JsonDerivedType(typeof(NoRepeatNgramStage), NoRepeatNgramStage.TypeName)]
[JsonDerivedType(typeof(ExponentialDecayLengthStage), ExponentialDecayLengthStage.TypeName)]
[JsonDerivedType(typeof(TopNSigmaStage), TopNSigmaStage.TypeName)]
[JsonDerivedType(typeof(TopKStage), TopKStage.TypeName)]
[JsonDerivedType(typeof(TypicalStage), TypicalStage.TypeName)]
[JsonDerivedType(typeof(TopPStage), TopPStage.TypeName)]
[JsonDerivedType(typeof(MinPStage), MinPStage.TypeName)]
[JsonDerivedType(typeof(EpsilonCutoffStage), EpsilonCutoffStage.TypeName)]
[JsonDerivedType(typeof(EtaCutoffStage), EtaCutoffStage.TypeName)]
[JsonDerivedType(typeof(TopHStage), TopHStage.TypeName)]
[JsonDerivedType(typeof(XtcStage), XtcStage.TypeName)]
[JsonDerivedType(typeof(InfillStage), InfillStage.TypeName)]
[JsonDerivedType(typeof(TemperatureStage), TemperatureStage.TypeName)]
[JsonDerivedType(typeof(DynamicTemperatureStage), DynamicTemperatureStage.TypeName)]
[JsonDerivedType(typeof(CustomStage), CustomStage.TypeName)]
[JsonDerivedType(typeof(GreedySelector), GreedySelector.TypeName)]
[JsonDerivedType(typeof(CategoricalSelector), CategoricalSelector.TypeName)]
[JsonDerivedType(typeof(MirostatSelector), MirostatSelector.TypeName)]
[JsonDerivedType(typeof(MirostatV2Selector), MirostatV2Selector.TypeName)]
[JsonDerivedType(typeof(AdaptivePSelector), AdaptivePSelector.TypeName)]
public abstract record SamplerComponent
{
    private protected SamplerComponent()
    {
    }

    /// <summary>The component's name in JSON and in messages.</summary>
    [JsonIgnore]
    public abstract string Name { get; }

    /// <summary>The component as an engine runs it.</summary>
    /// <exception cref="InvalidSamplerException">The model or the engine does not have what it names.</exception>
    internal virtual SamplerComponent Bind(SamplerBinding binding) => this;
}

/// <summary>A stage: it changes the candidates' logits or removes candidates.</summary>
public abstract record SamplerStage : SamplerComponent
{
    private protected SamplerStage()
    {
    }

    /// <summary>Where the default order has it: llama.cpp's stages in llama.cpp's order, others beside what they resemble.</summary>
    [JsonIgnore]
    internal abstract int DefaultPosition { get; }

    /// <summary>Stages of one kind take each other's place in <see cref="SamplerPipeline.With(SamplerStage)"/>.</summary>
    [JsonIgnore]
    internal virtual string Kind => Name;

    /// <summary>What messages call it.</summary>
    [JsonIgnore]
    internal virtual string Label => Name;

    /// <summary>Edits the candidates. A function of its arguments; whatever lasts lies in the context.</summary>
    internal abstract void Apply(ref Candidates candidates, in StageContext context);

    /// <summary>What the stage derives from a sequence's history, or <see langword="null"/>.</summary>
    internal virtual HistoryTracker? CreateTracker(Vocabulary vocabulary) => null;
}

/// <summary>The end of a pipeline: it makes the candidates that are left a distribution and chooses a token from it.</summary>
public abstract record TokenSelector : SamplerComponent
{
    private protected TokenSelector()
    {
    }

    /// <summary>Sets what it remembers to the state before the first token.</summary>
    internal virtual void Start(ref SelectorMemory memory)
    {
    }

    /// <summary>Leaves as candidates and logits exactly the distribution that it draws from: the softmax of what is left.</summary>
    internal abstract void Shape(ref Candidates candidates, in SelectorMemory memory, Vocabulary vocabulary);

    /// <summary>Chooses from what <see cref="Shape"/> left.</summary>
    /// <returns>The index of the candidate.</returns>
    internal virtual int Choose(ref Candidates candidates, ref SelectorMemory memory)
    {
        double total = candidates.Weigh(out ReadOnlySpan<float> weights);
        int index = candidates.Draw(total, ref memory.Random);
        Learn(ref memory, candidates, index, weights[index] / total);
        return index;
    }

    /// <summary>Remembers what was chosen.</summary>
    /// <param name="memory">What it remembers.</param>
    /// <param name="candidates">What <see cref="Shape"/> left.</param>
    /// <param name="index">The chosen candidate.</param>
    /// <param name="probability">Its probability in the distribution that it was drawn from.</param>
    internal virtual void Learn(ref SelectorMemory memory, in Candidates candidates, int index, double probability)
    {
    }
}
