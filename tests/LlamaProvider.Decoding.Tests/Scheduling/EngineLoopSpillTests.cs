using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Scheduling.Prefixes;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Scheduling;

/// <summary>Evicted prefixes in host memory.</summary>
public sealed class EngineLoopSpillTests
{
    private const int StateBytes = 12 + (8 * 62);
    private readonly ScriptedModel _model = new(ScriptedVocabulary.Bytes(), ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes()).Logits) { Adapters = ["a"] };

    [Fact]
    public void Step_PrefixWasEvicted_IsCopiedBackInsteadOfEvaluated()
    {
        TestLoop loop = Create();
        Generate(loop, 1, expectedCached: 0);
        Generate(loop, 2, expectedCached: 0);
        int before = _model.Faults.BatchSizes.Sum();
        Generate(loop, 1, expectedCached: 59);

        Assert.Equal(3, _model.Faults.BatchSizes.Sum() - before);
        Assert.Equal((2, 1L), (loop.Metrics.State.SpilledPrefixes, loop.Metrics.State.RestoredPrefixes));
        Assert.Equal(2 * StateBytes, loop.Metrics.State.SpilledBytes);

        // What is saved already is not saved again.
        Generate(loop, 2, expectedCached: 59);
        Assert.Equal((2, 2L), (loop.Metrics.State.SpilledPrefixes, loop.Metrics.State.RestoredPrefixes));
    }

    [Fact]
    public void Step_OnlyABeginningIsOfUse_IsCutToIt()
    {
        TestLoop loop = Create();
        Generate(loop, 1, expectedCached: 0);
        Generate(loop, 2, expectedCached: 0);
        int[] prompt = [.. Prompt(1)[..45], 7, 8];

        Assert.Equal(loop.Expected(prompt, 3), Run(loop, prompt, 3, expectedCached: 45));
    }

    [Fact]
    public void Step_TooLittleToGain_IsEvaluated()
    {
        TestLoop loop = Create();
        Generate(loop, 1, expectedCached: 0);
        Generate(loop, 2, expectedCached: 0);
        int[] prompt = [.. Prompt(1)[..(PrefixSpill.LeastGain - 1)], 7, 8];

        Run(loop, prompt, 3, expectedCached: 0);
    }

    [Fact]
    public void Step_OtherAdapters_AreNotServedFromIt()
    {
        TestLoop loop = Create();
        Generate(loop, 1, expectedCached: 0);
        Generate(loop, 2, expectedCached: 0);
        GenerationRequest request = loop.Submit(Prompt(1), 3, adapters: new AdapterSet([new("a", 1)]));
        loop.RunToEnd();

        Assert.Equal((0, 0L), (request.CachedTokens, loop.Metrics.State.RestoredPrefixes));
    }

    [Theory]
    [InlineData(StateBytes - 1, 0)]
    [InlineData(StateBytes, 1)]
    [InlineData((3 * StateBytes) - 1, 2)]
    public void Step_MoreThanTheLimit_TheLeastRecentlyUsedGo(long bytes, int expected)
    {
        TestLoop loop = Create(bytes);
        for (int i = 1; i <= 6; i++)
        {
            Generate(loop, i, expectedCached: 0);
        }

        Assert.Equal(expected, loop.Metrics.State.SpilledPrefixes);
        Assert.InRange(loop.Metrics.State.SpilledBytes, 0, bytes);
        Generate(loop, 5, expectedCached: expected > 1 ? 59 : 0);
        Generate(loop, 1, expectedCached: 0);
    }

    [Fact]
    public void Step_Off_NothingIsSaved()
    {
        TestLoop loop = Create(bytes: 0);
        Generate(loop, 1, expectedCached: 0);
        Generate(loop, 2, expectedCached: 0);
        Generate(loop, 1, expectedCached: 0);

        Assert.Null(loop.Engine.Prefixes.Spill);
    }

    [Fact]
    public void Step_MemoryCannotBeCut_RestoresWholeSequencesOnly()
    {
        ScriptedModel recurrent = ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes(), ModelCapabilities.All with { CanTrim = false, CanShift = false });
        var loop = new TestLoop(recurrent, cells: 100, keptSequences: 1, spillBytes: 100_000);
        int[] answer = Run(loop, Prompt(1), 3, expectedCached: 0);
        Run(loop, Prompt(2), 3, expectedCached: 0);

        Run(loop, Prompt(1), 3, expectedCached: 0);
        Run(loop, [.. Prompt(1), .. answer, 9], 3, expectedCached: 62);
    }

    private static int[] Prompt(int number) => [number + 1, .. Enumerable.Range(20, 59)];

    private TestLoop Create(long bytes = 100_000) => new(_model, cells: 100, keptSequences: 1, spillBytes: bytes);

    /// <summary>Sixty tokens of prompt and three of the answer, of which the last is not evaluated.</summary>
    private static void Generate(TestLoop loop, int number, int expectedCached) =>
        Assert.Equal(loop.Expected(Prompt(number), 3), Run(loop, Prompt(number), 3, expectedCached));

    private static int[] Run(TestLoop loop, int[] prompt, int count, int expectedCached)
    {
        GenerationRequest request = loop.Submit(prompt, count);
        loop.RunToEnd();
        (List<int> tokens, GenerationEnd? end) = TestLoop.Read(request);
        Assert.Equal(GenerationEndReason.TokenLimit, end!.Reason);
        Assert.Equal(expectedCached, request.CachedTokens);
        return [.. tokens];
    }
}
