namespace LlamaProvider.Decoding.Constraints;

/// <summary>A constraint on one sequence, and what errors call it.</summary>
/// <param name="Name">The option that asked for it.</param>
/// <param name="Constraint">Where the sequence is.</param>
internal sealed record SequenceConstraint(string Name, ITokenConstraint Constraint)
{
    /// <summary>The same for a copy of the sequence.</summary>
    public SequenceConstraint Fork() => new(Name, Constraint.Fork());
}
