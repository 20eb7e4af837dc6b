using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.Definitions;

/// <summary>A constraint as it was written, before it is compiled. Immutable; equal when it was written alike, so that it is compiled once.</summary>
internal abstract record ConstraintDefinition
{
    /// <summary>Makes it ready for a vocabulary.</summary>
    /// <exception cref="LlamaException">What was written has an error, or passes a limit. The type tells which.</exception>
    public abstract ICompiledConstraint Compile(ConstraintVocabulary vocabulary, ConstraintLimits limits);
}
