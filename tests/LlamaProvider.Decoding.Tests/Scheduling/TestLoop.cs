using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Stopping;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Strategies.Sampling;
using LlamaProvider.Decoding.Tracing.Recording;
using LlamaProvider.TestSupport.Sampling;
using LlamaProvider.TestSupport.Scripted;
using Microsoft.Extensions.Time.Testing;

namespace LlamaProvider.Decoding.Tests.Scheduling;

/// <summary>An engine loop whose invariants are checked after every step.</summary>
internal sealed class TestLoop
{
    private readonly ScriptedModel _model;
    private int _admitted;

    public TestLoop(
        ScriptedModel model, int sequences = 4, int cells = 500, int batchTokens = 64, int keptSequences = 0, long spillBytes = 0, int helpers = 0, EvaluationCollector? collector = null)
    {
        _model = model;
        Metrics = new EngineMetrics("test", Time);
        var options = new ContextOptions { ContextLength = cells, Sequences = sequences, KeptSequences = keptSequences, BatchTokens = batchTokens };
        Engine = new EngineLoop(
            model.CreateContext(options), new DecodeFirstPolicy(), Metrics, new PromptPace(LongestPause), keptSequences, spillBytes, helpers, collector, AfterStep);
    }

    /// <summary>Tokens of a text of bytes; another text for each seed.</summary>
    public static int[] Text(int length, int seed) => [.. Enumerable.Range(0, length).Select(i => 2 + (((seed * 31) + (i * 7)) % 250))];

    public static TimeSpan LongestPause { get; } = TimeSpan.FromSeconds(10);

    public FakeTimeProvider Time { get; } = new();

    public EngineMetrics Metrics { get; }

    public EngineLoop Engine { get; }

    public bool SawPreemption { get; private set; }

    public GenerationRequest Submit(int[] prompt, int? maxTokens, int capacity = int.MaxValue, int priority = 0, int? kept = null, AdapterSet? adapters = null) => Submit(
        new SamplingStrategy(_model.Vocabulary, TestSamplers.Greedy(_model.Vocabulary, prompt), new StopSequences([]), maxTokens, kept), capacity, priority: priority, adapters: adapters);

    public GenerationRequest Submit(
        IDecodingStrategy strategy, int capacity = int.MaxValue, bool pinsPrefix = false, int priority = 0, AdapterSet? adapters = null, TraceLog? trace = null)
    {
        var request = new GenerationRequest(strategy, capacity, wake: () => { }, ended: () => { }, runReader: reader => reader())
        {
            Times = new RequestTimes(Metrics.Now),
            PinsPrefix = pinsPrefix,
            Priority = priority,
            Adapters = adapters ?? AdapterSet.None,
            Trace = trace,
        };
        Engine.Enqueue(request);
        return request;
    }

    public void RunToEnd()
    {
        for (int step = 0; !Engine.IsEmpty; step++)
        {
            Assert.True(step < 10_000, "The loop does not end.");
            Engine.Step();
        }
    }

    /// <summary>What has come out so far, and how the request ended if it has.</summary>
    public static (List<int> Tokens, GenerationEnd? End) Read(GenerationRequest request)
    {
        var tokens = new List<int>();
        GenerationEnd? end = request.Output.Read(ref tokens);
        return (tokens, end);
    }

    /// <summary>What greedy decoding gives, computed straight from the model's function.</summary>
    public int[] Expected(int[] prompt, int count)
    {
        int[] answer = ExpectedUntilEnd(prompt, count);
        Assert.True(answer.Length == count, "Choose another prompt: this one ends by itself.");
        return answer;
    }

    /// <summary>The same, but the model may end the answer before.</summary>
    public int[] ExpectedUntilEnd(int[] prompt, int count, AdapterSet? adapters = null)
    {
        List<int> text = [.. prompt];
        float[] logits = new float[_model.Vocabulary.Count];
        for (int i = 0; i < count; i++)
        {
            _model.LogitsWith(adapters ?? AdapterSet.None, text.ToArray(), logits);
            int best = Array.IndexOf(logits, logits.Max());
            if (_model.Vocabulary.IsEndOfGeneration(best))
            {
                break;
            }

            text.Add(best);
        }

        return [.. text.Skip(prompt.Length)];
    }

    private void AfterStep(EngineLoop loop)
    {
        EngineInvariants.Check(loop);
        int admitted = loop.Runs.Count(run => run.IsAdmitted);
        SawPreemption |= admitted < _admitted && loop.Runs.Any(run => !run.IsAdmitted);
        _admitted = admitted;
    }
}
