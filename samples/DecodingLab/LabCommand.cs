namespace DecodingLab;

/// <summary>What the program is to do.</summary>
internal abstract record LabCommand(LabOptions Options)
{
    /// <summary>Runs chapters and writes the report.</summary>
    /// <param name="Options">The common options.</param>
    /// <param name="Chapter">The name of one chapter; <see langword="null"/> for the whole tour.</param>
    public sealed record Tour(LabOptions Options, string? Chapter) : LabCommand(Options);

    /// <summary>Puts two sets of options side by side on one prompt.</summary>
    public sealed record Compare(LabOptions Options, string Left, string Right) : LabCommand(Options);

    /// <summary>Explains a saved trace. Needs no model.</summary>
    /// <param name="Options">The common options.</param>
    /// <param name="File">The trace.</param>
    /// <param name="Figure">The one figure that is wanted; <see langword="null"/> for all that the trace has the data of.</param>
    /// <param name="Position">The token that figures of one token show.</param>
    public sealed record Explain(LabOptions Options, string File, string? Figure, int Position) : LabCommand(Options);

    /// <summary>Measures whether stated confidence comes true.</summary>
    /// <param name="Options">The common options.</param>
    /// <param name="Questions">How many are asked.</param>
    public sealed record Calibrate(LabOptions Options, int Questions) : LabCommand(Options);
}
