using System.Xml.Linq;
using LlamaProvider.Decoding.Tracing;
using Xunit;

namespace LlamaProvider.Visualization.Tests;

public sealed class DistributionFigureTests
{
    private static readonly AnswerTrace Trace = FigureTraces.Of(FigureTraces.Chosen);

    [Fact]
    public void OfModel_TokenStep_DrawsProbabilitiesOfTheTrace()
    {
        XElement[] candidates = SvgReader.Read(DistributionFigure.OfModel(Trace, 2)).Marks("candidate");
        Assert.Equal([0.4, 0.3, 0.2, 0.05], candidates.Numbers("after"));
        Assert.Equal([3, 7, 9, 11], candidates.Numbers("token"));
        Assert.Equal(["kept", "chosen", "kept", "kept"], candidates.Select(mark => mark.Text("state")));
    }

    [Fact]
    public void OfModel_Bars_AreAsHighAsProbable()
    {
        XElement[] candidates = SvgReader.Read(DistributionFigure.OfModel(Trace, 2)).Marks("candidate");
        double[] heights = [.. candidates.Select(mark => mark.Length("rect", "height"))];
        Assert.All(candidates.Zip(heights), bar => Assert.Equal(bar.First.Number("after") / 0.4, bar.Second / heights[0], 0.001));
    }

    [Fact]
    public void OfStage_TopK_SaysWhatIsKeptAndRemoved()
    {
        XElement svg = SvgReader.Read(DistributionFigure.OfStage(Trace, 2, "top_k"));
        XElement[] candidates = svg.Marks("candidate");
        Assert.Equal([0.55, 0.36, 0.09], candidates.Numbers("before"));
        Assert.Equal([0.6, 0.4], candidates.Take(2).Numbers("after"));
        Assert.Equal(["chosen", "kept", "removed"], candidates.Select(mark => mark.Text("state")));
        Assert.Null(candidates[2].Text("after"));
        Assert.Equal(2, Assert.Single(svg.Marks("cut")).Number("rank"));
    }

    [Fact]
    public void OfStage_Constraint_RemovesTheForbiddenFavourite()
    {
        XElement svg = SvgReader.Read(DistributionFigure.OfStage(Trace, 2, "constraint"));
        Assert.Equal("removed", svg.Marks("candidate")[0].Text("state"));
        // What stays does not begin with the first rank, so there is no line that cuts.
        Assert.Empty(svg.Marks("cut"));
        Assert.Contains("the 4,093 removed had 45.0 %", svg.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void OfStage_NothingRemoved_CutsNothing() => Assert.Empty(SvgReader.Read(DistributionFigure.OfStage(Trace, 2, "categorical")).Marks("cut"));

    [Fact]
    public void OfStage_CandidateBeyondThoseShown_IsNotCalledRemoved()
    {
        TraceDistribution before = FigureTraces.Distribution(9, 0.1, new(1, "a", 0.5), new(2, "b", 0.4));
        TraceDistribution after = FigureTraces.Distribution(5, 0.2, new(1, "a", 0.6), new(3, "c", 0.2));
        var step = FigureTraces.Chosen with { Mask = null, Model = before, Stages = [new TraceStage { Name = "xtc", Removed = 4, Added = 0, RemovedProbability = 0.3, After = after }] };
        XElement[] candidates = SvgReader.Read(DistributionFigure.OfStage(FigureTraces.Of(step), 2, "xtc")).Marks("candidate");
        Assert.Equal(["kept", "not-shown", "kept"], candidates.Select(mark => mark.Text("state")));
        Assert.Null(candidates[2].Text("before"));
    }

    [Fact]
    public void Reach_Stages_CountCandidates()
    {
        XElement[] stages = SvgReader.Read(StageReachFigure.Of(Trace, 2)).Marks("stage");
        Assert.Equal(["model", "constraint", "top_k", "categorical"], stages.Select(mark => mark.Text("name")));
        Assert.Equal([4096, 3, 2, 2], stages.Numbers("candidates"));
        double[] candidates = stages.Numbers("candidates");
        double[] removed = stages.Numbers("removed");
        Assert.All(Enumerable.Range(1, 3), i => Assert.Equal(candidates[i - 1], candidates[i] + removed[i]));
        Assert.Equal(Math.Log(3) / Math.Log(4096), stages[1].Length("rect", "width") / stages[0].Length("rect", "width"), 0.001);
    }

    [Fact]
    public void Compare_Distributions_HoldTheirProbabilities()
    {
        XElement svg = SvgReader.Read(ComparisonFigure.Of("Two temperatures", new NamedDistribution("T = 1", FigureTraces.Model), new NamedDistribution("T = 0.5", FigureTraces.Chosen.Final)));
        Assert.Equal(["0.4 0.3 0.2 0.05", "0.6 0.4"], svg.Marks("distribution").Select(mark => mark.Text("probabilities")));
    }

    [Fact]
    public void Compare_None_IsRefused()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => ComparisonFigure.Of("None"));
        Assert.StartsWith("0 distributions are to be compared, but a figure shows 1 to 8. Choose fewer, or draw several figures.", error.Message, StringComparison.Ordinal);
    }
}
