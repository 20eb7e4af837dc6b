using LlamaProvider.Chat;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tracing;

/// <summary>How an answer came about, on its response.</summary>
public static class TraceResponseExtensions
{
    private const string Remedy =
        $"Capture it with options.{nameof(TraceChatOptionsExtensions.CaptureTrace)}() on the request, and read it before the response is serialised, which leaves it out.";

    /// <summary>The trace of an answer.</summary>
    /// <param name="response">The response of a <see cref="LlamaChatClient"/>. The trace is not serialised with it.</param>
    /// <exception cref="TraceNotCapturedException">There is none.</exception>
    public static AnswerTrace GetTrace(this ChatResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return TraceOf(response.RawRepresentation) ?? throw new TraceNotCapturedException($"The response has no trace. {Remedy}");
    }

    /// <summary>The trace of a streamed answer, which is on its last update.</summary>
    /// <param name="update">The update.</param>
    /// <exception cref="TraceNotCapturedException">There is none.</exception>
    public static AnswerTrace GetTrace(this ChatResponseUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        return TraceOf(update.RawRepresentation) ?? throw new TraceNotCapturedException($"The update has no trace; that of a stream is on its last update. {Remedy}");
    }

    /// <summary>
    /// What was decided since the update before, as it happens: the steps about the tokens behind this update's text, and about such as show no text. All updates of a stream together have every step, also those
    /// that the trace has no room for.
    /// </summary>
    /// <param name="update">The update.</param>
    /// <returns>The steps, in order.</returns>
    /// <exception cref="TraceNotCapturedException">Nothing is traced.</exception>
    public static IReadOnlyList<TraceStep> GetTraceSteps(this ChatResponseUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        return update.RawRepresentation switch
        {
            TracedPart part => part.Steps,
            LlamaAnswer { Trace: not null } last => last.LastSteps,
            _ => throw new TraceNotCapturedException($"The update has no steps of a trace. {Remedy}"),
        };
    }

    private static AnswerTrace? TraceOf(object? raw) => (raw as LlamaAnswer)?.Trace;
}
