namespace LlamaProvider.Benchmarks.Constraints;

/// <summary>What became of a row.</summary>
/// <param name="Row">The row.</param>
/// <param name="First">Microseconds from the schema's text to its first mask, or to its refusal.</param>
/// <param name="Error">Why the schema was refused.</param>
internal sealed record RowResult(MaskBenchRow Row, double First, RowError? Error)
{
    /// <summary>What each mask took.</summary>
    public ArraySegment<MaskTime> Masks { get; init; } = ArraySegment<MaskTime>.Empty;

    /// <summary>Valid instances that were rejected, as a person reads them.</summary>
    public IReadOnlyList<string> ValidRejected { get; init; } = [];

    /// <summary>Invalid instances that were accepted.</summary>
    public IReadOnlyList<string> InvalidAccepted { get; init; } = [];

    public bool PassedWhole => Error is null && ValidRejected.Count == 0 && InvalidAccepted.Count == 0;
}

/// <summary>Why a schema was refused.</summary>
/// <param name="Kind">The keyword, or the type of the error.</param>
/// <param name="Message">The error's text.</param>
internal sealed record RowError(string Kind, string Message);

/// <summary>Something that judges rows.</summary>
internal interface IRowJudge
{
    Task<RowResult> JudgeAsync(MaskBenchRow row);
}
