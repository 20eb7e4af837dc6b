using System.Diagnostics.Metrics;

namespace LlamaProvider.Benchmarks.Constraints;

/// <summary>Counts the tokens of answers that end while it lives, and those of them that were forced, from the counter <c>llama.tokens</c>.</summary>
internal sealed class ForcedTokenCounter : IDisposable
{
    private readonly MeterListener _listener = new();

    public ForcedTokenCounter()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument is { Name: "llama.tokens", Meter.Name: "LlamaProvider" })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            Forced += tags[0].Value is "forced" ? value : 0;
            Output += tags[0].Value is "output" ? value : 0;
        });
        _listener.Start();
    }

    public long Forced { get; private set; }

    public long Output { get; private set; }

    public void Dispose() => _listener.Dispose();
}
