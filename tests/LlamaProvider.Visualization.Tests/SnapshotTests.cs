using System.Runtime.CompilerServices;
using Xunit;

namespace LlamaProvider.Visualization.Tests;

/// <summary>Whole SVGs of fixed traces. With LLAMA_WRITE_SNAPSHOTS=1 the tests write the files anew, to be looked at before they are committed.</summary>
public sealed class SnapshotTests
{
    [Fact]
    public void DraftStrip_FixedTrace_IsTheSnapshot() => Compare("draft-strip", DraftStripFigure.Of(FigureTraces.Of(FigureTraces.Draft)));

    [Fact]
    public void BeamTree_FixedTrace_IsTheSnapshot() => Compare("beam-tree", BeamTreeFigure.Of(FigureTraces.Of(FigureTraces.Beams)));

    [Fact]
    public void Distribution_FixedTrace_IsTheSnapshot() => Compare("top-k", DistributionFigure.OfStage(FigureTraces.Of(FigureTraces.Chosen), 2, "top_k"));

    [Fact]
    public void Contrastive_FixedTrace_IsTheSnapshot() => Compare("contrastive", ContrastiveFigure.Of(FigureTraces.Of(FigureTraces.Contrastive), 6));

    private static void Compare(string name, Figure figure, [CallerFilePath] string source = "")
    {
        string file = Path.Combine(Path.GetDirectoryName(source)!, "Snapshots", name + ".svg");
        if (Environment.GetEnvironmentVariable("LLAMA_WRITE_SNAPSHOTS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, figure.ToSvg());
        }

        Assert.Equal(File.ReadAllText(file), figure.ToSvg());
    }
}
