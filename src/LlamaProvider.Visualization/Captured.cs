using System.Diagnostics.CodeAnalysis;
using LlamaProvider.Decoding.Tracing;

namespace LlamaProvider.Visualization;

/// <summary>What figures need of a trace. Where the trace does not hold it, an error that says how to capture it.</summary>
internal static class Captured
{
    private const string RaiseSteps = "raise max_steps of CaptureTrace";

    /// <summary>How a token of the answer was chosen.</summary>
    public static TokenStep Token(AnswerTrace trace, int position)
    {
        ArgumentNullException.ThrowIfNull(trace);
        return trace.FindToken(position) ?? throw new TraceNotCapturedException(
            $"The figure needs how the token at position {position} was chosen, but the trace does not hold it: a search found it, the constraint forced it, the answer is shorter, or there was no room. "
            + $"Ask for a token that a sampler chose, or {RaiseSteps}.");
    }

    /// <summary>What became of the candidates of a token, from the model's whole vocabulary on.</summary>
    public static IReadOnlyList<Cut> Cuts(AnswerTrace trace, int position) => Cut.Of(Model(trace, position), Token(trace, position));

    /// <summary>The distribution over the whole vocabulary.</summary>
    public static TraceDistribution Model(AnswerTrace trace, int position) => Token(trace, position).Model ?? throw new TraceNotCapturedException(
        $"The figure needs the candidates before and after every stage, but the trace is of level {trace.Level}. Capture it with options.CaptureTrace(TraceLevel.Stages).");

    /// <summary>What one stage did to the candidates of a token.</summary>
    public static Cut Stage(AnswerTrace trace, int position, string stage)
    {
        ArgumentException.ThrowIfNullOrEmpty(stage);
        IReadOnlyList<Cut> cuts = Cuts(trace, position);
        return cuts.FirstOrDefault(cut => cut.Name == stage) ?? throw new TraceNotCapturedException(
            $"The figure needs what '{stage}' did at position {position}, but there ran: {(cuts.Count == 0 ? "nothing" : string.Join(", ", cuts.Select(cut => cut.Name)))}. "
            + "Ask for one of these, or capture an answer whose options have that stage.");
    }

    /// <summary>All steps of a kind; at least one.</summary>
    /// <param name="trace">The trace.</param>
    /// <param name="what">What the figure needs, in words.</param>
    /// <param name="remedy">How an answer is made that has it.</param>
    public static IReadOnlyList<T> Steps<T>(AnswerTrace trace, string what, string remedy)
        where T : TraceStep
    {
        ArgumentNullException.ThrowIfNull(trace);
        T[] steps = [.. trace.Steps.OfType<T>()];
        if (steps.Length == 0)
        {
            Throw(trace, what, remedy);
        }

        return steps;
    }

    /// <summary>Says that a trace holds nothing of what the figure needs.</summary>
    [DoesNotReturn]
    public static void Throw(AnswerTrace trace, string what, string remedy)
    {
        string room = trace.DroppedSteps > 0 ? $" If it is among the {trace.DroppedSteps} steps for which there was no room, {RaiseSteps}." : "";
        throw new TraceNotCapturedException($"The figure needs {what}, but the trace holds none. {remedy}{room}");
    }
}
