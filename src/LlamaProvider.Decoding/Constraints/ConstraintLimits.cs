namespace LlamaProvider.Decoding.Constraints;

/// <summary>Bounds on the work and memory that one constraint may take, so that a hostile grammar ends in an error and not in a hang.</summary>
/// <remarks>Each is checked where it is about to be passed; the error is <see cref="ConstraintTooComplexException"/> and names the limit.</remarks>
public sealed record ConstraintLimits
{
    /// <summary>The limits that are in force where none are given; a new object each time.</summary>
    public static ConstraintLimits Default => new();

    /// <summary>Expressions that the patterns of one constraint unfold into. Default: 1,000,000. Range: 1,000 and above.</summary>
    public int Expressions { get; set; } = 1_000_000;

    /// <summary>
    /// Steps of a search that finds out whether patterns which hold together, or which exclude each other, allow any text. Default: 250,000, about a quarter of a second. Range:
    /// 1,000 and above.
    /// </summary>
    public int SearchSteps { get; set; } = 250_000;

    /// <summary>Combinations that a JSON schema's <c>allOf</c>, <c>anyOf</c>, <c>oneOf</c> and <c>not</c> unfold into. Default: 200,000. Range: 1,000 and above.</summary>
    public int SchemaCombinations { get; set; } = 200_000;

    /// <summary>Alternatives of one value that a JSON schema unfolds into. Default: 512. Range: 16 and above.</summary>
    public int SchemaAlternatives { get; set; } = 512;

    /// <summary>Pairs of states of a grammar and of the phrases that are required or forbidden in its texts. Default: 500,000. Range: 1,000 and above.</summary>
    public int Intersections { get; set; } = 500_000;

    /// <summary>Characters of a regular expression. Default: 5,000. Range: 1 to 10,000.</summary>
    public int PatternLength { get; set; } = 5_000;

    /// <summary>Groups of a regular expression that are open at once. Default: 250. Range: 1 to 1,000.</summary>
    public int PatternDepth { get; set; } = 250;

    /// <summary>Characters of a grammar. Default: 500,000. Range: 1 and above.</summary>
    public int GrammarLength { get; set; } = 500_000;

    /// <summary>Groups of a grammar's rule that are open at once. Default: 250. Range: 1 to 400.</summary>
    public int GrammarDepth { get; set; } = 250;

    /// <summary>The largest count in a regular expression or grammar, such as 100 in <c>x{0,100}</c>. Default: 1,000,000. Range: 1 and above.</summary>
    public int RepetitionCount { get; set; } = 1_000_000;

    /// <summary>
    /// Steps that a regular expression unfolds into when it repeats conditions, as <c>(?:(?!x).){5}</c> does, which copies the condition five times. Default: 10,000.
    /// Range: 100 and above.
    /// </summary>
    public int LookaroundSteps { get; set; } = 10_000;

    /// <summary>Digits of a bound on a number, written without an exponent. Default: 400, which every double-precision number fits. Range: 1 to 1,000.</summary>
    public int NumberDigits { get; set; } = 400;

    /// <summary>The largest multipleOf, counted in units of its last decimal place: 0.25 counts as 25. Default: 100,000. Range: 1 to 1,000,000,000.</summary>
    public long MultipleOf { get; set; } = 100_000;

    /// <summary>What is wrong with these limits: for each value out of its range the value, the rule and the remedy. Empty when nothing is.</summary>
    internal IEnumerable<string> FindErrors()
    {
        (string Name, long Value, long Lowest, long Highest)[] ranges =
        [
            (nameof(Expressions), Expressions, 1_000, long.MaxValue),
            (nameof(SearchSteps), SearchSteps, 1_000, long.MaxValue),
            (nameof(SchemaCombinations), SchemaCombinations, 1_000, long.MaxValue),
            (nameof(SchemaAlternatives), SchemaAlternatives, 16, long.MaxValue),
            (nameof(Intersections), Intersections, 1_000, long.MaxValue),
            (nameof(PatternLength), PatternLength, 1, 10_000),
            (nameof(PatternDepth), PatternDepth, 1, 1_000),
            (nameof(GrammarLength), GrammarLength, 1, long.MaxValue),
            (nameof(GrammarDepth), GrammarDepth, 1, 400),
            (nameof(RepetitionCount), RepetitionCount, 1, long.MaxValue),
            (nameof(LookaroundSteps), LookaroundSteps, 100, long.MaxValue),
            (nameof(NumberDigits), NumberDigits, 1, 1_000),
            (nameof(MultipleOf), MultipleOf, 1, 1_000_000_000),
        ];
        foreach ((string name, long value, long lowest, long highest) in ranges)
        {
            if (value < lowest || value > highest)
            {
                string range = highest == long.MaxValue ? $"{lowest} or more" : $"from {lowest} to {highest}";
                yield return $"{nameof(ConstraintLimits)}.{name} is {value}, but must be {range}. Change the option or leave it unset.";
            }
        }
    }
}
