namespace LlamaProvider.Decoding.Constraints;

/// <summary>Bounds on the work and memory that one constraint may take, so that a hostile grammar ends in an error and not in a hang.</summary>
/// <remarks>Each is checked where it is about to be passed; the error is <see cref="ConstraintTooComplexException"/> and names the limit.</remarks>
public sealed record ConstraintLimits
{
    /// <summary>The limits that are in force where none are given.</summary>
    public static ConstraintLimits Default { get; } = new();

    /// <summary>Expressions that the patterns of one constraint unfold into. Default: 1,000,000. Range: 1,000 and above.</summary>
    public int Expressions { get; init; } = 1_000_000;

    /// <summary>Combinations that a JSON schema's <c>allOf</c>, <c>anyOf</c>, <c>oneOf</c> and <c>not</c> unfold into. Default: 200,000. Range: 1,000 and above.</summary>
    public int SchemaCombinations { get; init; } = 200_000;

    /// <summary>Alternatives of one value that a JSON schema unfolds into. Default: 512. Range: 16 and above.</summary>
    public int SchemaAlternatives { get; init; } = 512;
}
