using System.Text.Json;
using DecodingLab.Calibration;
using LlamaProvider.Visualization.Measurements;
using Spectre.Console.Testing;

namespace DecodingLab.Tests.Calibration;

public sealed class CalibrationTests(PocketLab pocket)
{
    [Fact]
    public void Question_OfASeed_IsTheSameAndItsSchemaNamesItsMembers()
    {
        ExtractionQuestion question = ExtractionTask.Create(5);

        Assert.Equal(question.Prompt, ExtractionTask.Create(5).Prompt);
        Assert.NotEqual(question.Prompt, ExtractionTask.Create(6).Prompt);
        Assert.Equal(question.Members.Select(static member => member.Key), JsonElement.Parse(question.Schema).GetProperty("properties").EnumerateObject().Select(static member => member.Name));
        Assert.All(question.Members, member => Assert.Contains(member.Key, question.Prompt, StringComparison.Ordinal));
    }

    [Fact]
    public void Reliability_Values_AreGroupedByWhatWasStated()
    {
        JudgedValue[] values = [new("a", 0.3, false), new("b", 0.4, true), new("c", 0.97, true), new("d", 1, true)];

        Assert.Equal([new ReliabilityBin(2, 0.35, 0.5), new ReliabilityBin(1, 0.97, 1), new ReliabilityBin(1, 1, 1)], Reliability.Bins(values).Select(static bin => bin with { Stated = Math.Round(bin.Stated, 9) }));
        Assert.Equal(((2 * 0.15) + 0.03) / 4, Reliability.Error(values), 1e-9);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.049, 0)]
    [InlineData(0.05, 1)]
    [InlineData(0.5, 4)]
    [InlineData(0.99, 8)]
    [InlineData(1, 8)]
    public void Reliability_Groups_BeginWhereTheOneBeforeEnds(double probability, int group) => Assert.Equal(group, Reliability.Group(probability));

    [Fact]
    public async Task Judge_Greedy_StatesAndChecksEveryMember()
    {
        using var console = new TestConsole();
        var calibration = new CalibrationCommand(console, OutputFolder.Open(Path.GetTempPath()), pocket.Lab);

        IReadOnlyList<JudgedValue> values = await calibration.JudgeAsync(questions: 12, temperature: 0, new Progress<double>(), TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Range(0, 12).Sum(static seed => ExtractionTask.Create(seed).Members.Count), values.Count);
        Assert.All(values, static value => Assert.InRange(value.Probability, 0, 1));
        Assert.Contains(values, static value => value.IsRight);
        Assert.True(values.Where(static value => value.IsRight).Average(static value => value.Probability) > values.Where(static value => !value.IsRight).Average(static value => value.Probability));
    }
}
