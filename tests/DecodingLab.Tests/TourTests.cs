using DecodingLab.Chapters;
using Spectre.Console.Testing;

namespace DecodingLab.Tests;

public sealed class TourTests(PocketLab pocket) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("decoding-lab-").FullName;

    [Fact]
    public async Task Run_ChapterThatCannot_IsSaidAndTheTourGoesOn()
    {
        using TestConsole console = new TestConsole().Width(200);
        var good = new MadeUp("good", Finding.Of($"It found {42}."));

        bool isComplete = await new Tour(console, OutputFolder.Open(_folder), pocket.Lab).RunAsync([new MadeUp("bad", null), good], TestContext.Current.CancellationToken);

        Assert.False(isComplete);
        Assert.Contains("This chapter could not run: It is ruled out.", console.Output, StringComparison.Ordinal);
        Assert.Contains("It found 42.", console.Output, StringComparison.Ordinal);
        Assert.Contains("This chapter could not run: It is ruled out.", await File.ReadAllTextAsync(Path.Combine(_folder, "report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ChapterAlone_FailsAsItDoes()
    {
        using var console = new TestConsole();

        LabException error = await Assert.ThrowsAsync<LabException>(() => new Tour(console, OutputFolder.Open(_folder), pocket.Lab).RunAsync([new MadeUp("bad", null)], TestContext.Current.CancellationToken));

        Assert.Equal("It is ruled out.", error.Message);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private sealed class MadeUp(string name, Finding? finding) : IChapter
    {
        public string Name => name;

        public string Title => name;

        public ChapterText Text { get; } = new("a", "b", "c", "d");

        public Task<ChapterRun> RunAsync(Lab lab, IProgress<double> progress, CancellationToken cancellationToken) =>
            finding is null ? throw new LabException("It is ruled out.") : Task.FromResult(new ChapterRun { Findings = [finding], Answers = [] });
    }
}
