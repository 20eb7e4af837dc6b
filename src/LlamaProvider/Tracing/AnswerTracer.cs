using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Decoding.Tracing.Recording;

namespace LlamaProvider.Tracing;

/// <summary>The trace of one answer under way.</summary>
/// <param name="log">The steps.</param>
/// <param name="model">The model.</param>
/// <param name="request">What was asked.</param>
/// <param name="delivery">Carries steps to a sink; <see langword="null"/> for none.</param>
/// <param name="unread">Of a stream, the steps for its updates; <see langword="null"/> for an answer that is read whole.</param>
internal sealed class AnswerTracer(TraceLog log, TraceModel model, TraceRequest request, TraceDelivery? delivery, UnreadSteps? unread)
{
    public TraceLog Log => log;

    /// <summary>The trace, once the answer is complete.</summary>
    /// <param name="tokens">The answer.</param>
    /// <param name="end">How it ended.</param>
    /// <param name="draw">Of best-of-n: which was taken.</param>
    public AnswerTrace ToTrace(IReadOnlyList<int> tokens, GenerationEnd end, int? draw) => new()
    {
        Model = model,
        Request = request,
        Level = log.Settings.Level,
        Top = log.Settings.Top,
        Tokens = [.. tokens],
        End = ToTraceEnd(end),
        Draw = draw,
        Steps = [.. log.Steps],
        DroppedSteps = log.Dropped,
    };

    /// <summary>The steps about tokens that have been read by now, but for those that were taken before.</summary>
    /// <param name="tokens">How many tokens have been read.</param>
    public IReadOnlyList<TraceStep> TakeSteps(int tokens) => unread?.Take(tokens) ?? [];

    /// <summary>No step follows. Ends when the sink has all of them.</summary>
    public Task CompleteAsync() => delivery?.CompleteAsync() ?? Task.CompletedTask;

    private static TraceEnd ToTraceEnd(GenerationEnd end) => end.Reason switch
    {
        GenerationEndReason.StopSequence => TraceEnd.StopSequence,
        GenerationEndReason.TokenLimit => TraceEnd.TokenLimit,
        GenerationEndReason.ContextLimit => TraceEnd.ContextLimit,
        _ => TraceEnd.EndOfGeneration,
    };
}
