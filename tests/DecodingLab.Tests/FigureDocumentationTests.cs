using LlamaProvider.Decoding.Tracing;
using LlamaProvider.TestSupport;
using LlamaProvider.Visualization;
using LlamaProvider.Visualization.Measurements;

namespace DecodingLab.Tests;

/// <summary>docs/figures.md's code is this code, and its table names every figure.</summary>
public sealed class FigureDocumentationTests(PocketLab pocket) : IDisposable
{
    private static readonly string Document = DocumentedCode.Read("docs", "figures.md");

    [Fact]
    public async Task FirstExample_AsWritten_WritesFiles()
    {
        AnswerTrace trace = (await pocket.RunAsync("sampling")).Answers.First(static answer => answer.Name == "top-k 5").Trace;

        // <figure>
        Figure figure = DistributionFigure.OfStage(trace, position: 0, "top_k");
        File.WriteAllText("top-k.svg", figure.ToSvg());
        File.WriteAllBytes("top-k.png", figure.ToPng(FigureTheme.Dark));
        // </figure>
        DocumentedCode.AssertIn(Document, "figure");

        Assert.StartsWith("<svg", await File.ReadAllTextAsync("top-k.svg"), StringComparison.Ordinal);
        Assert.Equal("PNG"u8.ToArray(), (await File.ReadAllBytesAsync("top-k.png"))[1..4]);
    }

    [Fact]
    public async Task SchemaExample_AsWritten_DrawsTheAutomaton()
    {
        AnswerTrace trace = (await pocket.RunAsync("structure")).Answers[^1].Trace;
        LlamaProvider.LlamaEngine engine = pocket.Lab.Engine;

        // <schema>
        Figure automaton = SchemaMachineFigure.Of(trace, engine.Model.Vocabulary);
        // </schema>
        DocumentedCode.AssertIn(Document, "schema");

        Assert.Contains("/age: number = 34", automaton.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Table_EveryFigure_IsNamed()
    {
        IEnumerable<string> figures = typeof(Figure).Assembly.GetExportedTypes().Where(static type => type is { IsAbstract: true, IsSealed: true }).Select(static type => type.Name);
        Assert.All(figures, figure => Assert.Contains($"`{figure}.", Document, StringComparison.Ordinal));
        Assert.Contains($"`{nameof(MeasuredRow)}.ReadReport`", Document, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        File.Delete("top-k.svg");
        File.Delete("top-k.png");
    }
}
