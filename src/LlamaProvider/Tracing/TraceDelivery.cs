using System.Threading.Channels;
using LlamaProvider.Decoding.Tracing;

namespace LlamaProvider.Tracing;

/// <summary>Carries the steps of one request from the engine's thread, which must not wait, to a sink, which may take its time.</summary>
internal sealed class TraceDelivery
{
    /// <summary>The most steps that wait for a sink.</summary>
    public const int Capacity = 1024;

    private readonly Channel<TraceStep> _steps = Channel.CreateBounded<TraceStep>(new BoundedChannelOptions(Capacity) { SingleReader = true, SingleWriter = true });
    private readonly Lazy<Task> _pump;
    private int _missed;

    /// <param name="sink">The sink.</param>
    /// <param name="responseId">The response.</param>
    /// <param name="failed">Told when the sink throws.</param>
    public TraceDelivery(ITraceSink sink, string responseId, Action<Exception> failed) =>
        _pump = new Lazy<Task>(() => Task.Run(() => PumpAsync(sink, responseId, failed)));

    /// <summary>Takes a step, or counts it as missed when too many wait.</summary>
    public void Write(TraceStep step)
    {
        // Only now, since the engine may refuse the request, and then nobody would end the task.
        _ = _pump.Value;
        _missed += _steps.Writer.TryWrite(step) ? 0 : 1;
    }

    /// <summary>No step follows. Ends when the sink has all of them.</summary>
    public Task CompleteAsync()
    {
        _steps.Writer.TryComplete();
        return _pump.Value;
    }

    private async Task PumpAsync(ITraceSink sink, string responseId, Action<Exception> failed)
    {
        try
        {
            await foreach (TraceStep step in _steps.Reader.ReadAllAsync().ConfigureAwait(false))
            {
                sink.OnStep(responseId, step);
            }

            sink.OnEnd(responseId, _missed);
        }
        catch (Exception error)
        {
            failed(error);
        }
    }
}
