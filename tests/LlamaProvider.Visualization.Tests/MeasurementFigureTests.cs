using System.Xml.Linq;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Visualization.Measurements;
using Xunit;

namespace LlamaProvider.Visualization.Tests;

public sealed class MeasurementFigureTests
{
    private const string Report = """
        {"machine": {}, "models": {}, "rows": [
          {"figure": "1 at once", "ours": 2464.5, "peer": "bare loop", "peerValue": 2587.25, "unit": "tok/s", "ratio": 0.95, "ratioSpread": [0.9, 1.0], "reason": null},
          {"figure": "4 at once", "ours": 5000, "peer": "server", "peerValue": null, "unit": "tok/s", "ratio": null, "reason": "not here"}]}
        """;

    [Fact]
    public void Bars_Report_AreItsValues()
    {
        XElement[] bars = SvgReader.Read(BarFigure.Of("Throughput", MeasuredRow.ReadReport(Report))).Marks("bar");
        Assert.Equal([2464.5, 2587.25, 5000], bars.Numbers("value"));
        Assert.Equal(["ours", "bare loop", "ours"], bars.Select(bar => bar.Text("of")));
        Assert.All(bars, bar => Assert.Equal(bar.Number("value") / 5000, bar.Length("rect", "width") / bars[2].Length("rect", "width"), 0.001));
    }

    [Fact]
    public void Bars_TwoUnits_AreRefused()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => BarFigure.Of("Both", new MeasuredRow("a", 1, null, null, "ms"), new MeasuredRow("b", 1, null, null, "MB")));
        Assert.StartsWith("The 2 rows have 2 units (ms, MB), but bars of one figure share one. Choose rows of one unit.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "The report is no JSON: it is cut short or damaged at line 1. Give what a benchmark wrote with --json, whole.")]
    [InlineData("[]", "The report has no rows. Give what a benchmark wrote with --json, whole.")]
    [InlineData("""{"rows": [{"figure": "x", "unit": "ms"}]}""", "Row 0 of the report has no number 'ours'. Give what a benchmark wrote with --json, whole.")]
    public void ReadReport_NoReport_SaysWhy(string json, string message) =>
        Assert.Equal(message, Assert.Throws<InvalidMeasurementsException>(() => MeasuredRow.ReadReport(json)).Message);

    [Fact]
    public void Curves_Points_AreThoseMeasured()
    {
        XElement curve = Assert.Single(SvgReader.Read(CurveFigure.Of("Throughput", "requests", "tok/s", new MeasuredCurve("ours", [new(1, 10), new(10, 100), new(100, 1000)]))).Marks("curve"));
        Assert.Equal("1 10 100", curve.Text("x"));
        Assert.Equal("10 100 1000", curve.Text("y"));
        string[] points = curve.Descendants().First(element => element.Name.LocalName == "polyline").Attribute("points")!.Value.Split(' ');
        double[] x = [.. points.Select(point => double.Parse(point.Split(',')[0], System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(x[1] - x[0], x[2] - x[1], 0.02);
    }

    [Fact]
    public void Curves_ZeroOnALogarithmicAxis_IsRefused()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => CurveFigure.Of("t", "x", "y", new MeasuredCurve("ours", [new(0, 10)])));
        Assert.StartsWith("The curve 'ours' has no points, or one that is not above 0, which a logarithmic axis cannot show. Leave such points out.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Timeline_Requests_StandWhereTheirStepsWere()
    {
        AnswerTrace one = FigureTraces.Of(FigureTraces.Batch(5, 10.0, 7), FigureTraces.Batch(6, 10.01, 1));
        AnswerTrace two = FigureTraces.Of(FigureTraces.Batch(6, 10.01, 9));
        Figure figure = BatchTimelineFigure.Of(new NamedTrace("one", one), new NamedTrace("two", two));
        XElement[] boxes = SvgReader.Read(figure).Marks("batch");
        Assert.Equal(["one", "one", "two"], boxes.Select(box => box.Text("request")));
        Assert.Equal([5, 6, 6], boxes.Numbers("engine-step"));
        Assert.Equal([7, 1, 9], boxes.Numbers("own-tokens"));
        Assert.Equal(boxes[1].Length("rect", "x"), boxes[2].Length("rect", "x"));
        Assert.StartsWith("2 requests, 2 steps in 20 ms; 1 steps were shared by these requests.", figure.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Timeline_LevelOfStages_SaysWhichTraceAndLevel()
    {
        var error = Assert.Throws<TraceNotCapturedException>(() => BatchTimelineFigure.Of(new NamedTrace("one", FigureTraces.Of())));
        Assert.Equal("The figure needs the engine's steps of request 'one', but the trace holds none. The trace is of level Stages; capture it with options.CaptureTrace(TraceLevel.Full).", error.Message);
    }

    [Fact]
    public void Timeline_NoTraces_IsRefused()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => BatchTimelineFigure.Of());
        Assert.StartsWith("A timeline of 0 requests is asked for, but it needs one trace at least. Give the traces of requests that ran together.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Quantization_Rows_AreThoseMeasured()
    {
        Figure figure = QuantizationFigure.Of("Pocket chat", new QuantizedMeasurement("Q8_0", 5.6, 3000, 4.25), new QuantizedMeasurement("Q4_0", 3.2, null, 5));
        XElement[] bars = SvgReader.Read(figure).Marks("bar");
        Assert.Equal(["Q8_0 size 5.6", "Q4_0 size 3.2", "Q8_0 speed 3000", "Q8_0 perplexity 4.25", "Q4_0 perplexity 5"], bars.Select(bar => $"{bar.Text("type")} {bar.Text("of")} {bar.Text("value")}"));
        Assert.Equal(3.2 / 5.6, bars[1].Length("rect", "width") / bars[0].Length("rect", "width"), 0.001);
        Assert.Equal("2 quantization types; smaller is better but for speed. Q8_0: 5.6 MB, 3,000 tok/s, perplexity 4.25; Q4_0: 3.2 MB, perplexity 5.", figure.Description);
    }

    [Fact]
    public void Quantization_NoRows_IsRefused() => Assert.StartsWith(
        "0 quantization types are to be drawn, but a figure shows one at least. Measure some.", Assert.Throws<ArgumentException>(() => QuantizationFigure.Of("x")).Message, StringComparison.Ordinal);

    [Fact]
    public void Quantization_NotANumber_IsRefused() => Assert.StartsWith(
        "The type 'Q8_0' has a value that is not above 0, which is no measurement. Measure it again, or leave it out.",
        Assert.Throws<ArgumentException>(() => QuantizationFigure.Of("x", new QuantizedMeasurement("Q8_0", 1, 1, double.NaN))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Reliability_Bins_StandWhereStatedAndObservedAre()
    {
        Figure figure = ReliabilityFigure.Of("Confidence", new ReliabilityBin(30, 0.25, 0.5), new ReliabilityBin(70, 0.9, 0.9));
        XElement[] dots = SvgReader.Read(figure).Marks("reliability");
        Assert.Equal([30, 70], dots.Numbers("count"));
        Assert.Equal([0.25, 0.9], dots.Numbers("stated"));
        Assert.Equal(80 + (420 * 0.25), dots[0].Length("circle", "cx"), 0.01);
        Assert.EndsWith("stated 25.0 %: right 50.0 % of 30; stated 90.0 %: right 90.0 % of 70.", figure.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Reliability_EmptyBin_IsRefused() => Assert.StartsWith(
        "1 groups are to be drawn, but there has to be one at least, each with a value or more and shares from 0 to 1. Leave empty groups out.",
        Assert.Throws<ArgumentException>(() => ReliabilityFigure.Of("x", new ReliabilityBin(0, 0, 0))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Bars_NamedRows_HaveTicksOnTheLevelAxisOnly()
    {
        XElement svg = SvgReader.Read(BarFigure.Of("Sizes", new MeasuredRow("a", 10, null, null, "MB")));
        Assert.Equal(["0", "2", "4", "6", "8", "10"], svg.Elements().Where(element => element.Name.LocalName == "text" && element.Attribute("font-size")!.Value == "10").Select(element => element.Value));
    }
}
