using System.Collections.Concurrent;
using LlamaProvider.Decoding.Tracing;

namespace LlamaProvider.Tracing;

/// <summary>The steps of a streamed answer that its reader has not had. Written where the request is advanced, read where its tokens are.</summary>
internal sealed class UnreadSteps
{
    private readonly ConcurrentQueue<TraceStep> _steps = new();

    public void Write(TraceStep step) => _steps.Enqueue(step);

    /// <summary>Takes the steps about an answer's first tokens, and leaves those that the engine is ahead.</summary>
    /// <param name="tokens">How many tokens of the answer have been read. The steps about them are here by then: a step is written before its token is emitted.</param>
    public IReadOnlyList<TraceStep> Take(int tokens)
    {
        var taken = new List<TraceStep>();
        while (_steps.TryPeek(out TraceStep? step) && step.Position < tokens && _steps.TryDequeue(out _))
        {
            taken.Add(step);
        }

        return taken;
    }
}

/// <summary>What a traced stream's updates before the last one carry as raw representation.</summary>
/// <param name="Steps">What was decided since the update before.</param>
internal sealed record TracedPart(IReadOnlyList<TraceStep> Steps);
