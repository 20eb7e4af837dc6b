using System.Diagnostics.Metrics;
using LlamaProvider.Decoding.Strategies;

namespace LlamaProvider.Decoding.Scheduling;

/// <summary>What an engine measures of itself: instruments of the meter <c>LlamaProvider</c>, and the state that a snapshot shows.</summary>
/// <remarks>
/// The engine's thread writes, any thread reads. Without a listener a recording costs a comparison, and nothing is allocated for a token. Every instrument
/// carries the tag <c>llama.model</c>.
/// </remarks>
internal sealed class EngineMetrics : IDisposable
{
    public const string MeterName = "LlamaProvider";

    private readonly TimeProvider _time;
    private readonly Histogram<double> _queueWait;
    private readonly Histogram<double> _timeToFirstToken;
    private readonly Histogram<double> _outputRate;
    private readonly Histogram<double> _stepDuration;
    private readonly Histogram<int> _batchTokens;
    private readonly Counter<long> _tokens;
    private readonly Counter<long> _drafts;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _preemptions;
    private readonly Counter<long> _shifts;
    private readonly Counter<long> _spills;

    public EngineMetrics(string model, TimeProvider time)
    {
        _time = time;
        Meter = new Meter(new MeterOptions(MeterName) { Tags = [new("llama.model", model)] });
        _queueWait = Meter.CreateHistogram<double>("llama.request.queue_wait", "s", "From a request's arrival to its first evaluation.");
        _timeToFirstToken = Meter.CreateHistogram<double>("llama.request.time_to_first_token", "s", "From a request's arrival to its first token.");
        _outputRate = Meter.CreateHistogram<double>("llama.request.output_rate", "{token}/s", "Tokens per second of an answer after its first token.");
        _stepDuration = Meter.CreateHistogram<double>("llama.step.duration", "s", "One step of the engine: plan, evaluate, choose.");
        _batchTokens = Meter.CreateHistogram<int>("llama.step.tokens", "{token}", "Tokens evaluated in one step, over all requests.");
        _tokens = Meter.CreateCounter<long>("llama.tokens", "{token}", "Tokens by llama.token.kind: evaluated, cached (not evaluated again), output, forced (those of output that needed no choice).");
        _drafts = Meter.CreateCounter<long>("llama.draft.tokens", "{token}", "Drafted tokens by llama.draft.result: accepted, rejected (not reached included).");
        _requests = Meter.CreateCounter<long>("llama.requests", "{request}", "Ended requests by llama.request.end.");
        _preemptions = Meter.CreateCounter<long>("llama.preemptions", "{preemption}", "Requests that gave up their cells to be computed again.");
        _shifts = Meter.CreateCounter<long>("llama.shifts", "{shift}", "Times that an answer filled the context and forgot its oldest tokens.");
        _spills = Meter.CreateCounter<long>("llama.spill.prefixes", "{prefix}", "Prefixes copied to or from host memory, by llama.spill.direction: saved, restored.");
        Meter.CreateObservableGauge("llama.spill.size", () => State.SpilledBytes, "By", "Bytes of prefixes in host memory.");
        Meter.CreateObservableGauge("llama.kv.used", () => State.UsedCells, "{cell}", "Cells of the context that hold a token, kept prefixes included.");
        Meter.CreateObservableGauge("llama.kv.kept_sequences", () => State.KeptSequences, "{sequence}", "Sequences kept of ended requests.");
        Meter.CreateObservableGauge("llama.requests.running", () => State.Running, "{request}", "Requests that hold sequences.");
        Meter.CreateObservableGauge("llama.requests.waiting", () => State.Waiting, "{request}", "Requests that wait for sequences or cells.");
    }

    /// <summary>The state after the last step.</summary>
    public EngineState State { get; } = new();

    /// <summary>Where the instruments come from.</summary>
    public Meter Meter { get; }

    public long Now => _time.GetTimestamp();

    public void Preempted()
    {
        State.CountPreemption();
        _preemptions.Add(1);
    }

    public void Spilled() => _spills.Add(1, new KeyValuePair<string, object?>("llama.spill.direction", "saved"));

    public void Restored()
    {
        State.CountRestored();
        _spills.Add(1, new KeyValuePair<string, object?>("llama.spill.direction", "restored"));
    }

    public void Shifted() => _shifts.Add(1);

    /// <summary>A step is done.</summary>
    /// <param name="started">When it began.</param>
    /// <param name="tokens">Tokens that it evaluated.</param>
    public void StepDone(long started, int tokens)
    {
        if (tokens > 0)
        {
            _batchTokens.Record(tokens);
            _tokens.Add(tokens, Kind("evaluated"));
            if (_stepDuration.Enabled)
            {
                _stepDuration.Record(_time.GetElapsedTime(started).TotalSeconds);
            }
        }
    }

    /// <summary>A request got sequences for the first time.</summary>
    public void Admitted(RequestTimes times)
    {
        times.Admitted = Now;
        _queueWait.Record(Seconds(times.Arrived, times.Admitted.Value));
    }

    public void Emitted(RequestTimes times, bool isForced)
    {
        times.OutputTokens++;
        times.ForcedTokens += isForced ? 1 : 0;
        if (times.FirstToken is null)
        {
            times.FirstToken = Now;
            _timeToFirstToken.Record(Seconds(times.Arrived, times.FirstToken.Value));
        }
    }

    public void Ended(GenerationRequest request, GenerationEnd end)
    {
        RequestTimes times = request.Times;
        _requests.Add(1, new KeyValuePair<string, object?>("llama.request.end", Name(end.Reason)));
        _tokens.Add(times.OutputTokens, Kind("output"));
        _tokens.Add(times.ForcedTokens, Kind("forced"));
        _tokens.Add(request.CachedTokens, Kind("cached"));
        if (times.DraftedTokens > 0)
        {
            _drafts.Add(times.AcceptedTokens, new KeyValuePair<string, object?>("llama.draft.result", "accepted"));
            _drafts.Add(times.DraftedTokens - times.AcceptedTokens, new KeyValuePair<string, object?>("llama.draft.result", "rejected"));
        }

        if (times.FirstToken is long first && times.OutputTokens > 1 && Seconds(first, Now) is > 0 and double seconds)
        {
            _outputRate.Record((times.OutputTokens - 1) / seconds);
        }
    }

    public double Seconds(long from, long to) => _time.GetElapsedTime(from, to).TotalSeconds;

    public void Dispose() => Meter.Dispose();

    /// <summary>The end as tags and traces name it.</summary>
    public static string Name(GenerationEndReason reason) => reason switch
    {
        GenerationEndReason.EndOfGeneration => "end_of_generation",
        GenerationEndReason.StopSequence => "stop_sequence",
        GenerationEndReason.TokenLimit => "token_limit",
        GenerationEndReason.ContextLimit => "context_limit",
        GenerationEndReason.Cancelled => "cancelled",
        _ => "failed",
    };

    private static KeyValuePair<string, object?> Kind(string kind) => new("llama.token.kind", kind);
}
