using LlamaProvider.Decoding.Tracing;

namespace LlamaProvider.Tracing;

/// <summary>Receives the steps of traced requests as they happen. Registered by name in <see cref="LlamaEngineOptions.TraceSinks"/>.</summary>
/// <remarks>
/// The calls for one request come one after the other, those for several requests at the same time, all on the thread pool and never on the engine's thread. A sink that is slower than the model misses
/// steps, whose number <see cref="OnEnd"/> tells; the response waits for it at the end. One that throws gets no more of that request; the error is logged, and the answer is not touched.
/// </remarks>
public interface ITraceSink
{
    /// <summary>A step has happened. Steps that the trace has no room for come too.</summary>
    /// <param name="responseId">The response that it belongs to, as on the response and its updates.</param>
    /// <param name="step">The step.</param>
    void OnStep(string responseId, TraceStep step);

    /// <summary>No further step comes: the answer is complete, failed or was cancelled.</summary>
    /// <param name="responseId">The response.</param>
    /// <param name="missedSteps">How many steps did not reach the sink because it was too slow.</param>
    void OnEnd(string responseId, int missedSteps);
}
