using System.Xml.Linq;
using LlamaProvider.Decoding.Tracing;
using Xunit;

namespace LlamaProvider.Visualization.Tests;

public sealed class SearchFigureTests
{
    [Fact]
    public void BeamTree_Nodes_AreThoseOfTheTrace()
    {
        XElement[] nodes = SvgReader.Read(BeamTreeFigure.Of(FigureTraces.Of(FigureTraces.Beams))).Marks("node");
        BeamNode[] traced = [.. FigureTraces.Beams.OfType<BeamStep>().SelectMany(step => step.Nodes).OrderBy(node => node.Id)];
        XElement[] drawn = [.. nodes.OrderBy(node => node.Number("id"))];
        Assert.Equal(traced.Select(node => node.Score), drawn.Numbers("score"));
        Assert.Equal(traced.Select(node => node.LogProbability), drawn.Numbers("log-probability"));
        Assert.Equal(traced.Select(node => node.DiversityPenalty), drawn.Numbers("diversity-penalty"));
        Assert.Equal(traced.Select(node => node.Outcome.ToString()), drawn.Select(node => node.Text("outcome")));
        Assert.Equal(traced.Select(node => (double)node.Parent), drawn.Numbers("parent"));
    }

    [Fact]
    public void BeamTree_Answer_IsThePathToTheBestLeaf()
    {
        XElement svg = SvgReader.Read(BeamTreeFigure.Of(FigureTraces.Of(FigureTraces.Beams)));
        Assert.Equal([1, 5], svg.Marks("edge").Where(edge => edge.Text("answer") == "true").Numbers("to").Order());
        Assert.Contains("The answer has score −0.38", svg.Value.Replace('-', '−'), StringComparison.Ordinal);
    }

    [Fact]
    public void BeamTree_Levels_AreLimitedAndSaid()
    {
        Figure figure = BeamTreeFigure.Of(FigureTraces.Of(FigureTraces.Beams), levels: 1);
        Assert.Equal(4, SvgReader.Read(figure).Marks("node").Length);
        Assert.StartsWith("1 of 2 levels, 2 groups. 1 results.", figure.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void BeamTree_Groups_ShareLevels()
    {
        XElement[] nodes = SvgReader.Read(BeamTreeFigure.Of(FigureTraces.Of(FigureTraces.Beams))).Marks("node");
        Assert.All(nodes.GroupBy(node => node.Number("level")), level => Assert.Single(level.Select(node => node.Length("rect", "x")).Distinct()));
    }

    [Fact]
    public void Contrastive_Candidates_AreThoseOfTheTrace()
    {
        XElement svg = SvgReader.Read(ContrastiveFigure.Of(FigureTraces.Of(FigureTraces.Contrastive), 6));
        XElement[] candidates = svg.Marks("candidate");
        Assert.Equal([0.5, 0.4], candidates.Numbers("probability"));
        Assert.Equal([0.9, 0.2], candidates.Numbers("similarity"));
        Assert.Equal([-0.34, 0.04], candidates.Numbers("score"));
        Assert.Equal(["false", "true"], candidates.Select(mark => mark.Text("chosen")));
        Assert.True(candidates[0].Length("circle", "cx") > candidates[1].Length("circle", "cx"), "more confident is further right");
        Assert.True(candidates[0].Length("circle", "cy") < candidates[1].Length("circle", "cy"), "more similar is higher");
        Assert.Single(svg.Marks("equal-scores"));
    }

    [Fact]
    public void DraftStrip_Tokens_AreThoseOfTheTrace()
    {
        XElement svg = SvgReader.Read(DraftStripFigure.Of(FigureTraces.Of(FigureTraces.Draft, FigureTraces.FullDraft)));
        XElement[] drafted = svg.Marks("drafted");
        Assert.Equal([0.5, 0.8, 1, 1], drafted.Numbers("q"));
        Assert.Equal(["0.9", "0.1", null, "0.7"], drafted.Select(mark => mark.Text("p")));
        Assert.Equal(["Accepted", "Rejected", "NotReached", "Accepted"], drafted.Select(mark => mark.Text("outcome")));
        Assert.Equal([1, 1], svg.Marks("accepted").Numbers("count"));
        Assert.Equal(5, Assert.Single(svg.Marks("correction")).Number("token"));
        Assert.Equal(8, Assert.Single(svg.Marks("bonus")).Number("token"));
    }

    [Fact]
    public void DraftStrip_Correction_StandsBelowTheRejectedToken()
    {
        XElement svg = SvgReader.Read(DraftStripFigure.Of(FigureTraces.Of(FigureTraces.Draft)));
        Assert.Equal(svg.Marks("drafted")[1].Length("rect", "x"), svg.Marks("correction")[0].Length("rect", "x"));
    }

    [Fact]
    public void MaskSize_Steps_CountAllowedTokens()
    {
        XElement[] masks = SvgReader.Read(MaskSizeFigure.Of(FigureTraces.Of(FigureTraces.Chosen, FigureTraces.Forced))).Marks("mask");
        Assert.Equal([3, 1], masks.Numbers("allowed"));
        Assert.Equal([2, 3], masks.Numbers("position"));
        Assert.Equal(["0.55", null], masks.Select(mark => mark.Text("allowed-probability")));
    }
}
