using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.TestSupport.Scripted;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace LlamaProvider.Decoding.Tests.Scheduling;

public sealed class EngineMetricsTests
{
    private static readonly int[] Prompt = [.. Enumerable.Range(2, 20)];
    private readonly TestLoop _loop = new(ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes()), sequences: 1, batchTokens: 16, keptSequences: 1);

    [Fact]
    public void Times_OfRequests_AreMeasuredByTheEnginesClock()
    {
        using MetricCollector<double> wait = Collect<double>("llama.request.queue_wait");
        using MetricCollector<double> first = Collect<double>("llama.request.time_to_first_token");
        using MetricCollector<double> rate = Collect<double>("llama.request.output_rate");
        using MetricCollector<double> step = Collect<double>("llama.step.duration");
        _loop.Submit(Prompt, maxTokens: 5);
        _loop.Submit([9, 9], maxTokens: 1);

        // Two steps for the prompt of 20 tokens, of which the second chooses the first token, and four more for the answer.
        RunWithASecondAStep();

        Assert.Equal([1.0, 7.0], Values(wait));
        Assert.Equal([2.0, 7.0], Values(first));
        Assert.Equal([1.0], Values(rate));
        Assert.All(Values(step), seconds => Assert.Equal(0, seconds));
        Assert.Equal([new KeyValuePair<string, object?>("llama.model", "test")], _loop.Metrics.Meter.Tags);
    }

    [Fact]
    public void Tokens_OfRequests_AreCountedByKind()
    {
        using MetricCollector<long> tokens = Collect<long>("llama.tokens");
        using MetricCollector<int> batches = Collect<int>("llama.step.tokens");
        _loop.Submit(Prompt, maxTokens: 3);
        _loop.RunToEnd();
        _loop.Submit(Prompt, maxTokens: 3);
        _loop.RunToEnd();

        Dictionary<string, long> byKind = tokens.GetMeasurementSnapshot()
            .GroupBy(measurement => (string)measurement.Tags["llama.token.kind"]!)
            .ToDictionary(group => group.Key, group => group.Sum(measurement => measurement.Value));
        Assert.Equal((22 + 3, 19, 6), (byKind["evaluated"], byKind["cached"], byKind["output"]));
        Assert.Equal([16, 4, 1, 1, 1, 1, 1], batches.GetMeasurementSnapshot().Select(measurement => measurement.Value));
    }

    [Fact]
    public void Requests_Ended_AreCountedByReason()
    {
        using MetricCollector<long> requests = Collect<long>("llama.requests");
        _loop.Submit([5], maxTokens: 1);
        _loop.Submit([6], maxTokens: 1).Cancel();
        _loop.RunToEnd();

        Assert.Equal(["cancelled", "token_limit"], requests.GetMeasurementSnapshot().Select(measurement => (string)measurement.Tags["llama.request.end"]!).Order());
    }

    [Fact]
    public void State_AfterEachStep_IsWhatTheLoopHolds()
    {
        _loop.Submit(Prompt, maxTokens: 5);
        _loop.Submit([9, 9], maxTokens: 1);
        _loop.Engine.Step();

        Assert.Equal((1, 1, 16), (_loop.Metrics.State.Running, _loop.Metrics.State.Waiting, _loop.Metrics.State.UsedCells));

        _loop.RunToEnd();
        _loop.Engine.Step();
        Assert.Equal((0, 0, 1), (_loop.Metrics.State.Running, _loop.Metrics.State.Waiting, _loop.Metrics.State.KeptSequences));
        Assert.Equal(_loop.Engine.Context.Limits.Cells - _loop.Engine.Context.FreeCells, _loop.Metrics.State.UsedCells);
    }

    private void RunWithASecondAStep()
    {
        while (!_loop.Engine.IsEmpty)
        {
            _loop.Time.Advance(TimeSpan.FromSeconds(1));
            _loop.Engine.Step();
        }
    }

    private static double[] Values(MetricCollector<double> collector) => [.. collector.GetMeasurementSnapshot().Select(measurement => measurement.Value)];

    private MetricCollector<T> Collect<T>(string instrument)
        where T : struct => new(_loop.Metrics.Meter, instrument);
}
