namespace LlamaProvider.Decoding.Constraints;

/// <summary>A constraint that is ready for one vocabulary. Any number of sequences and threads may share it.</summary>
internal interface ICompiledConstraint
{
    /// <summary>The constraint at the beginning of one sequence.</summary>
    ITokenConstraint CreateMatcher();
}
