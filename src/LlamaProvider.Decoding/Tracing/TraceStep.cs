using System.Text.Json.Serialization;

namespace LlamaProvider.Decoding.Tracing;

/// <summary>One thing that was decided on the way to an answer. In JSON an object whose <c>type</c> says which; see docs/tracing.md.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(TokenStep), TokenStep.TypeName)]
[JsonDerivedType(typeof(ForcedStep), ForcedStep.TypeName)]
[JsonDerivedType(typeof(DraftStep), DraftStep.TypeName)]
[JsonDerivedType(typeof(BeamStep), BeamStep.TypeName)]
[JsonDerivedType(typeof(BeamResultStep), BeamResultStep.TypeName)]
[JsonDerivedType(typeof(ContrastiveStep), ContrastiveStep.TypeName)]
[JsonDerivedType(typeof(NegativePromptStep), NegativePromptStep.TypeName)]
[JsonDerivedType(typeof(TokenGuideStep), TokenGuideStep.TypeName)]
[JsonDerivedType(typeof(BatchStep), BatchStep.TypeName)]
public abstract record TraceStep
{
    private protected TraceStep()
    {
    }

    /// <summary>In which of the request's evaluations it was decided, from 0. Evaluations of parts of the prompt count.</summary>
    public required int Evaluation { get; init; }

    /// <summary>The place in the answer that it is about: how many tokens precede it.</summary>
    public required int Position { get; init; }
}
