using System.Buffers.Binary;
using System.Text;
using LlamaProvider.Decoding.Tracing;
using Xunit;

namespace LlamaProvider.Visualization.Tests;

public sealed class FigureTests
{
    private static readonly AnswerTrace Trace = FigureTraces.Of([FigureTraces.Chosen, FigureTraces.Draft, .. FigureTraces.Beams, FigureTraces.Contrastive, FigureTraces.Batch(1, 0, 1)]);

    public static TheoryData<string> Names => [.. Figures.Keys];

    private static Dictionary<string, Func<Figure>> Figures { get; } = new()
    {
        ["model"] = () => DistributionFigure.OfModel(Trace, 2),
        ["stage"] = () => DistributionFigure.OfStage(Trace, 2, "top_k"),
        ["reach"] = () => StageReachFigure.Of(Trace, 2),
        ["comparison"] = () => ComparisonFigure.Of("Final", new NamedDistribution("T = 1", FigureTraces.Chosen.Final)),
        ["beam"] = () => BeamTreeFigure.Of(Trace),
        ["draft"] = () => DraftStripFigure.Of(Trace),
        ["mask"] = () => MaskSizeFigure.Of(Trace),
        ["contrastive"] = () => ContrastiveFigure.Of(Trace, 6),
        ["timeline"] = () => BatchTimelineFigure.Of(new NamedTrace("one", Trace)),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void ToSvg_Twice_IsTheSame(string name) => Assert.Equal(Figures[name]().ToSvg(), Figures[name]().ToSvg());

    [Theory]
    [MemberData(nameof(Names))]
    public void ToPng_Figure_HasItsSize(string name)
    {
        Figure figure = Figures[name]();
        byte[] png = figure.ToPng(scale: 1);
        Assert.Equal("PNG", Encoding.ASCII.GetString(png, 1, 3));
        Assert.Equal(figure.Width, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)));
        Assert.Equal(figure.Height, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)));
    }

    [Fact]
    public void ToPng_Themes_Differ() => Assert.NotEqual(Figures["model"]().ToPng(FigureTheme.Light), Figures["model"]().ToPng(FigureTheme.Dark));

    [Theory]
    [InlineData(0.1)]
    [InlineData(double.NaN)]
    public void ToPng_ScaleOutOfRange_IsRefused(double scale)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Figures["model"]().ToPng(scale: scale));
        Assert.StartsWith(FormattableString.Invariant($"The scale of a PNG is {scale}, but it must be from 0.5 to 4. Give one in that range, or take the SVG, which has any size."), error.Message, StringComparison.Ordinal);
    }
}
