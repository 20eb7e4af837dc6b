using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Scheduling;

public sealed class EvaluationCollectorTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly EvaluationCollector _collector;
    private readonly SemaphoreSlim _collected = new(0);
    private readonly ManualResetEventSlim _release = new(initialState: true);
    private long _allocated = 1000;

    public EvaluationCollectorTests() => _collector = new EvaluationCollector(() => _allocated, Collect);

    public void Dispose()
    {
        _collector.Dispose();
        _collected.Dispose();
        _release.Dispose();
    }

    [Fact]
    public void IsWorthAsking_OnceForEachMeasureOfNewMemory()
    {
        _allocated += EvaluationCollector.WorthwhileBytes - 1;
        Assert.False(_collector.IsWorthAsking());

        _allocated++;
        Assert.True(_collector.IsWorthAsking());
        Assert.False(_collector.IsWorthAsking());

        _allocated += EvaluationCollector.WorthwhileBytes;
        Assert.True(_collector.IsWorthAsking());
    }

    [Fact]
    public void Begin_EnoughAllocated_CollectsEachTimeOnAnotherThread()
    {
        for (int evaluation = 0; evaluation < 3; evaluation++)
        {
            _allocated += EvaluationCollector.WorthwhileBytes;
            _collector.Begin();
            Assert.True(_collected.Wait(Patience), "Nothing was collected.");
            _collector.End();
        }
    }

    [Fact]
    public void Begin_EvaluationOverBeforeItsTurn_CollectsNothing()
    {
        _release.Reset();
        Begin();
        Assert.True(_collected.Wait(Patience));
        _collector.End();

        // The thread is still at its first collection while the second evaluation passes.
        Begin();
        _collector.End();
        _release.Set();
        _collector.Dispose();

        Assert.Equal(0, _collected.CurrentCount);
    }

    [Fact]
    public void Begin_LittleAllocated_CollectsNothing()
    {
        _allocated += EvaluationCollector.WorthwhileBytes - 1;
        _collector.Begin();
        _collector.Dispose();

        Assert.Equal(0, _collected.CurrentCount);
    }

    [Fact]
    public void Step_EnoughAllocated_CollectsDuringTheEvaluation()
    {
        var model = ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes());
        var loop = new TestLoop(model, collector: _collector);
        int during = 0;
        model.Faults.BeforeToken = _ => during += _collected.Wait(Patience) ? 1 : 0;
        GenerationRequest request = loop.Submit([5], maxTokens: 3);
        while (!loop.Engine.IsEmpty)
        {
            _allocated += EvaluationCollector.WorthwhileBytes;
            loop.Engine.Step();
        }

        Assert.Equal(loop.ExpectedUntilEnd([5], 3), TestLoop.Read(request).Tokens);
        Assert.Equal(3, during);
        loop.Engine.Dispose();
    }

    private void Begin()
    {
        _allocated += EvaluationCollector.WorthwhileBytes;
        _collector.Begin();
    }

    private void Collect()
    {
        _collected.Release();
        _release.Wait(Patience);
    }
}
