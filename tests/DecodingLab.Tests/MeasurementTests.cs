using DecodingLab.Chapters;
using DecodingLab.Measuring;
using LlamaProvider.Benchmarks.Support;
using LlamaProvider.Visualization.Measurements;

namespace DecodingLab.Tests;

public sealed class MeasurementTests
{
    [Fact]
    public async Task Alternation_Variants_TakeTurnsInChangingOrder()
    {
        List<string> runs = [];
        Variant Named(string name) => new(name, () =>
        {
            runs.Add(name);
            return Task.CompletedTask;
        });

        IReadOnlyList<TimedVariant> timed = await Alternation.RunAsync([Named("A"), Named("B")], new LabOptions { Quick = true }, new Progress<double>(), CancellationToken.None);

        Assert.Equal("BAABBAAB", string.Concat(runs));
        Assert.All(timed, static variant => Assert.Equal(3, variant.Milliseconds.Length));
    }

    [Fact]
    public void Against_Peer_SaysHowManyTimesAsFast()
    {
        BenchmarkRow row = new TimedVariant("fast", [1, 2, 4]).Against(new TimedVariant("slow", [10, 10, 10]));

        Assert.Equal((2.0, 10.0, 5.0, "slow"), (row.Ours, row.PeerValue, row.Ratio, row.Peer));
        Assert.Equal([2.5, 10], row.RatioSpread!);
    }

    [Theory]
    [InlineData("kv-cache", 5)]
    [InlineData("speculation", 4)]
    public async Task Measure_Chapter_ShowsWhatItMeasured(string name, int variants)
    {
        await using Lab lab = await Lab.LoadAsync(new LabOptions { Measure = true, Quick = true }, progress: null, TestContext.Current.CancellationToken);

        ChapterRun run = await ChapterList.All.First(chapter => chapter.Name == name).RunAsync(lab, new Progress<double>(), TestContext.Current.CancellationToken);

        Assert.Equal(variants, run.Measurements.Count);
        System.Xml.Linq.XElement[] bars = [.. System.Xml.Linq.XElement.Parse(run.Figures[^1].Figure.ToSvg()).Descendants().Where(static element => element.Attribute("data-mark")?.Value == "bar")];
        Assert.Equal(run.Measurements.Select(static row => row.Figure), bars.Select(static bar => bar.Attribute("data-figure")!.Value));
    }

    [Fact]
    public async Task File_Measurements_AreReadByFigures()
    {
        string folder = Directory.CreateTempSubdirectory("decoding-lab-").FullName;
        string file = Path.Combine(folder, "out.json");
        await using Lab lab = await Lab.LoadAsync(new LabOptions { Json = file }, progress: null, TestContext.Current.CancellationToken);

        MeasurementFile.Write(lab, [new TimedVariant("fast", [1]).Against(new TimedVariant("slow", [10]))]);

        Assert.Equal([new MeasuredRow("fast", 1, "slow", 10, "ms")], MeasuredRow.ReadReport(await File.ReadAllTextAsync(file)));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task File_FolderMissing_SaysWhich()
    {
        string file = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"), "out.json");
        await using Lab lab = await Lab.LoadAsync(new LabOptions { Json = file }, progress: null, TestContext.Current.CancellationToken);

        Assert.StartsWith($"--json is '{file}', but it cannot be written: ", Assert.Throws<LabException>(() => MeasurementFile.Write(lab, [])).Message, StringComparison.Ordinal);
    }
}
