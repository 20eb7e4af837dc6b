using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Visualization;

namespace DecodingLab.Traces;

/// <summary>The figures that a trace alone may give.</summary>
internal static class TraceFigures
{
    private static readonly (string Name, string Caption, Func<AnswerTrace, int, Figure> Draw)[] All =
    [
        ("distribution", "The original distribution, by rank.", static (trace, position) => DistributionFigure.OfModel(trace, position)),
        ("stages", "What each stage leaves to the next.", static (trace, position) => StageReachFigure.Of(trace, position)),
        ("mask", "Tokens that the constraint allowed at each place.", static (trace, _) => MaskSizeFigure.Of(trace)),
        ("beams", "The tree of the search.", static (trace, _) => BeamTreeFigure.Of(trace)),
        ("contrastive", "Confidence against similarity.", static (trace, position) => ContrastiveFigure.Of(trace, position)),
        ("drafts", "Drafts over their verification.", static (trace, _) => DraftStripFigure.Of(trace)),
        ("timeline", "The engine's steps.", static (trace, _) => BatchTimelineFigure.Of(new NamedTrace("answer", trace))),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(static figure => figure.Name)];

    /// <exception cref="TraceNotCapturedException">The trace does not hold what the figure needs.</exception>
    public static Figure Draw(string name, AnswerTrace trace, int position) => All.First(figure => figure.Name == name).Draw(trace, position);

    /// <summary>All figures that the trace holds the data of, with captions.</summary>
    public static IEnumerable<(Figure Figure, string Caption)> DrawAll(AnswerTrace trace, int position)
    {
        foreach ((_, string caption, Func<AnswerTrace, int, Figure> draw) in All)
        {
            if (TryDraw(draw, trace, position) is { } figure)
            {
                yield return (figure, caption);
            }
        }
    }

    private static Figure? TryDraw(Func<AnswerTrace, int, Figure> draw, AnswerTrace trace, int position)
    {
        try
        {
            return draw(trace, position);
        }
        catch (TraceNotCapturedException)
        {
            return null;
        }
    }
}
