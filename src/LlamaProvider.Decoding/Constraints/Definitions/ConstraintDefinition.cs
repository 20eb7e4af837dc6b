using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Constraints.Definitions;

/// <summary>A constraint as it was written, before it is compiled. Immutable; equal when it was written alike, so that it is compiled once.</summary>
internal abstract record ConstraintDefinition
{
    /// <summary>Whether the beginning of a text may be no text, so that a limit on tokens asks for its completion.</summary>
    public virtual bool HasIncompleteTexts => true;

    /// <summary>Makes it ready for a vocabulary.</summary>
    /// <exception cref="LlamaException">What was written has an error, or passes a limit. The type tells which.</exception>
    /// <exception cref="OperationCanceledException">The work was called off.</exception>
    public abstract ICompiledConstraint Compile(ConstraintVocabulary vocabulary, ConstraintLimits limits, ConstraintWork? work = null);
}

/// <summary>A constraint that is a grammar once it is compiled, so that phrases and lengths can be asked of its texts.</summary>
internal abstract record GrammarBasedDefinition : ConstraintDefinition
{
    public abstract override CompiledGrammar Compile(ConstraintVocabulary vocabulary, ConstraintLimits limits, ConstraintWork? work = null);
}
