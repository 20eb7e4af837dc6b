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

    private static AnswerTrace? TraceOf(object? raw) => (raw as LlamaAnswer)?.Trace;
}
