namespace LlamaProvider.Decoding.Constraints.JsonSchema.Numbers;

/// <summary>What a schema asks of a number, each bound as the text of a JSON number. What is not set asks nothing.</summary>
internal sealed record NumberBounds
{
    /// <summary>The least value.</summary>
    public string? Minimum { get; init; }

    /// <summary>Every value is greater.</summary>
    public string? ExclusiveMinimum { get; init; }

    /// <summary>The greatest value.</summary>
    public string? Maximum { get; init; }

    /// <summary>Every value is less.</summary>
    public string? ExclusiveMaximum { get; init; }

    /// <summary>Numbers above zero of each of which the value is a multiple.</summary>
    public IReadOnlyList<string> MultiplesOf { get; init; } = [];

    /// <summary>How a value may be written behind the point.</summary>
    public FractionRule Fraction { get; init; }
}

/// <summary>What may stand behind the point of a number.</summary>
internal enum FractionRule
{
    /// <summary>Any digits.</summary>
    Any,

    /// <summary>Zeros: 5.0 is an integer.</summary>
    Zeros,

    /// <summary>There is no point.</summary>
    None,
}
