using LlamaProvider.Benchmarks.Support;
using LlamaProvider.Visualization;

namespace DecodingLab.Chapters;

/// <summary>What came of a chapter.</summary>
internal sealed record ChapterRun
{
    /// <summary>What it says, with this run's numbers.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    public IReadOnlyList<ShownFigure> Figures { get; init; } = [];

    /// <summary>The answers, whose tokens the report explains.</summary>
    public required IReadOnlyList<LabAnswer> Answers { get; init; }

    /// <summary>What was timed; empty without <c>--measure</c>.</summary>
    public IReadOnlyList<BenchmarkRow> Measurements { get; init; } = [];
}

/// <summary>A figure and what to look for in it.</summary>
internal sealed record ShownFigure(Figure Figure, string Caption);
