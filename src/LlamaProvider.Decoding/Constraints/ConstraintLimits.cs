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

    /// <summary>Pairs of states of a grammar and of the phrases that are required or forbidden in its texts. Default: 500,000. Range: 1,000 and above.</summary>
    public int Intersections { get; init; } = 500_000;

    /// <summary>Characters of a regular expression. Default: 5,000. Range: 1 to 10,000.</summary>
    public int PatternLength { get; init; } = 5_000;

    /// <summary>Groups of a regular expression that are open at once. Default: 250. Range: 1 to 1,000.</summary>
    public int PatternDepth { get; init; } = 250;

    /// <summary>The largest count in a regular expression, such as 100 in <c>x{0,100}</c>. Default: 1,000,000. Range: 1 and above.</summary>
    public int RepetitionCount { get; init; } = 1_000_000;

    /// <summary>
    /// Steps that a regular expression unfolds into when it repeats conditions, as <c>(?:(?!x).){5}</c> does, which copies the condition five times. Default: 10,000.
    /// Range: 100 and above.
    /// </summary>
    public int LookaroundSteps { get; init; } = 10_000;

    /// <summary>Digits of a bound on a number, written without an exponent. Default: 400, which every double-precision number fits. Range: 1 to 1,000.</summary>
    public int NumberDigits { get; init; } = 400;

    /// <summary>The largest multipleOf, counted in units of its last decimal place: 0.25 counts as 25. Default: 100,000. Range: 1 to 1,000,000,000.</summary>
    public long MultipleOf { get; init; } = 100_000;
}
