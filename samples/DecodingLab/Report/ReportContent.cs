using DecodingLab.Chapters;
using DecodingLab.Compare;

namespace DecodingLab.Report;

/// <summary>A whole report.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Facts">What holds for all of it: model, seed.</param>
/// <param name="Sections">Its parts.</param>
internal sealed record ReportContent(string Title, IReadOnlyList<string> Facts, IReadOnlyList<ReportSection> Sections);

/// <summary>A part of a report.</summary>
internal sealed record ReportSection
{
    /// <summary>Letters, digits and hyphens.</summary>
    public required string Id { get; init; }

    public required string Title { get; init; }

    public ChapterText? Text { get; init; }

    public IReadOnlyList<Finding> Findings { get; init; } = [];

    public IReadOnlyList<ShownFigure> Figures { get; init; } = [];

    public IReadOnlyList<ReportAnswer> Answers { get; init; } = [];

    /// <summary>How the second answer differs from the first.</summary>
    public IReadOnlyList<DiffWord> Difference { get; init; } = [];

    public static ReportSection Of(IChapter chapter, ChapterRun run) => new()
    {
        Id = chapter.Name,
        Title = chapter.Title,
        Text = chapter.Text,
        Findings = run.Findings,
        Figures = run.Figures,
        Answers = [.. run.Answers.Select(ReportAnswer.Of)],
    };
}
