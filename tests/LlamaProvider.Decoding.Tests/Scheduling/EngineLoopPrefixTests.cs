using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Strategies.Prefill;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Scheduling;

/// <summary>What ended requests leave behind for later ones.</summary>
public sealed class EngineLoopPrefixTests
{
    private static readonly int[] Prompt = [.. Enumerable.Range(2, 20)];
    private readonly ScriptedModel _model = ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes());

    [Fact]
    public void Step_SecondTurn_EvaluatesOnlyWhatIsNew()
    {
        var loop = new TestLoop(_model, keptSequences: 4);
        int[] answer = Generate(loop, Prompt, 6, expectedCached: 0);
        int before = _model.Faults.BatchSizes.Sum();

        // The first answer's last token was chosen but never evaluated.
        int[] secondTurn = [.. Prompt, .. answer, 7, 8, 9];
        Generate(loop, secondTurn, 1, expectedCached: Prompt.Length + 5);

        Assert.Equal(4, _model.Faults.BatchSizes.Sum() - before);
    }

    [Fact]
    public void Step_SamePromptAgain_EvaluatesItsLastTokenOnly()
    {
        var loop = new TestLoop(_model, keptSequences: 4);
        Generate(loop, Prompt, 6, expectedCached: 0);

        Generate(loop, Prompt, 6, expectedCached: Prompt.Length - 1);
        Assert.Single(loop.Engine.Prefixes.Sequences);
    }

    [Fact]
    public void Step_CommonBeginning_IsSharedByRequestsAtOnce()
    {
        var loop = new TestLoop(_model, cells: 60, keptSequences: 4);
        Generate(loop, Prompt, 1, expectedCached: 0);
        GenerationRequest[] requests = [.. Enumerable.Range(0, 4).Select(i => loop.Submit([.. Prompt, 50 + i], maxTokens: 5))];

        loop.Engine.Step();

        // Twenty shared tokens and one of each request.
        Assert.Equal(24, _model.Faults.UsedCells);
        loop.RunToEnd();
        Assert.All(requests, request => Assert.Equal(20, request.CachedTokens));
    }

    [Fact]
    public void Step_CellsRunOut_KeptPrefixesGoBeforeAnythingIsPreempted()
    {
        var loop = new TestLoop(_model, cells: 80, batchTokens: 32, keptSequences: 4);
        for (int i = 0; i < 4; i++)
        {
            Generate(loop, [60 + i, .. Prompt], 2, expectedCached: 0);
        }

        Assert.Equal(3, loop.Engine.Prefixes.Sequences.Count);
        Generate(loop, [99, .. Prompt], 50, expectedCached: 0);

        Assert.False(loop.SawPreemption);
        Assert.Single(loop.Engine.Prefixes.Sequences);
    }

    [Fact]
    public void Step_LeastRecentlyUsedPrefix_GoesFirst()
    {
        var loop = new TestLoop(_model, keptSequences: 2);
        Generate(loop, [60, .. Prompt], 2, expectedCached: 0);
        Generate(loop, [61, .. Prompt], 2, expectedCached: 0);
        Generate(loop, [60, .. Prompt], 2, expectedCached: Prompt.Length);
        Generate(loop, [62, .. Prompt], 2, expectedCached: 0);

        Generate(loop, [60, .. Prompt], 2, expectedCached: Prompt.Length);
        Generate(loop, [61, .. Prompt], 2, expectedCached: 0);
    }

    [Fact]
    public void Step_RequestFailed_LeavesNothingBehind()
    {
        var loop = new TestLoop(_model, keptSequences: 4);
        loop.Submit(Prompt, maxTokens: 5);
        loop.Engine.Step();
        _model.Faults.Next.Enqueue(EvaluationStatus.Failed);
        loop.RunToEnd();

        Assert.Empty(loop.Engine.Prefixes.Sequences);
        Assert.Equal(0, _model.Faults.UsedCells);
    }

    [Fact]
    public void Step_MemoryCannotBeCut_SharesWholeSequencesOnly()
    {
        ScriptedModel recurrent = ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes(), ModelCapabilities.All with { CanTrim = false, CanShift = false });
        var loop = new TestLoop(recurrent, keptSequences: 4);
        int[] answer = Generate(loop, Prompt, 6, expectedCached: 0);

        Generate(loop, Prompt, 6, expectedCached: 0);
        Generate(loop, [.. Prompt, .. answer, 7], 1, expectedCached: Prompt.Length + 5);
    }

    [Fact]
    public void Step_PinnedPrefix_StaysWhateverComes()
    {
        var loop = new TestLoop(_model, cells: 60, batchTokens: 32, keptSequences: 2);
        loop.Submit(new PrefillStrategy(Prompt), pinsPrefix: true);
        loop.RunToEnd();
        for (int i = 0; i < 5; i++)
        {
            Generate(loop, [80 + i, .. Prompt], 20, expectedCached: 0);
        }

        Generate(loop, [.. Prompt, 9], 1, expectedCached: Prompt.Length);
    }

    [Fact]
    public void Step_WaitingRequestWouldNotFitAnyway_KeptPrefixesStay()
    {
        var loop = new TestLoop(_model, cells: 80, keptSequences: 4);
        Generate(loop, [60, .. Prompt], 2, expectedCached: 0);
        int[] prompt = Enumerable.Range(2, 200).Select(token => new[] { token }).First(tokens => loop.ExpectedUntilEnd(tokens, 45).Length == 45);
        GenerationRequest running = loop.Submit(prompt, maxTokens: 45);
        loop.Engine.Step();
        GenerationRequest waiting = loop.Submit([.. Enumerable.Range(100, 79)], maxTokens: 1);
        for (int step = 0; step < 20; step++)
        {
            loop.Engine.Step();
        }

        Assert.Equal(22, loop.Engine.Prefixes.Sequences.Single().Length);
        loop.RunToEnd();
        Assert.Equal(loop.Expected(prompt, 45), TestLoop.Read(running).Tokens);
        Assert.Equal(GenerationEndReason.TokenLimit, TestLoop.Read(waiting).End!.Reason);
    }

    [Fact]
    public void Step_RoomForARequest_IsMadeOfOthersThanWhatItShares()
    {
        var loop = new TestLoop(_model, cells: 80, keptSequences: 4);
        Generate(loop, [60, .. Prompt], 2, expectedCached: 0);
        Generate(loop, [61, .. Prompt], 2, expectedCached: 0);
        Generate(loop, [60, .. Prompt, .. Enumerable.Range(100, 40)], 2, expectedCached: Prompt.Length + 1);
    }

    [Fact]
    public void Step_PinnedPrefixLeavesNoRoomForAPrompt_EndsWithContextLimit()
    {
        var loop = new TestLoop(_model, cells: 60, batchTokens: 32, keptSequences: 2);
        loop.Submit(new PrefillStrategy(Prompt), pinsPrefix: true);
        loop.RunToEnd();
        GenerationRequest request = loop.Submit([.. Enumerable.Range(100, 50)], maxTokens: 1);
        loop.RunToEnd();

        Assert.Equal(GenerationEndReason.ContextLimit, TestLoop.Read(request).End!.Reason);
    }

    private static int[] Generate(TestLoop loop, int[] prompt, int count, int expectedCached)
    {
        GenerationRequest request = loop.Submit(prompt, count);
        loop.RunToEnd();
        (List<int> tokens, GenerationEnd? end) = TestLoop.Read(request);
        Assert.Equal(GenerationEndReason.TokenLimit, end!.Reason);
        Assert.Equal(loop.Expected(prompt, count), tokens);
        Assert.Equal(expectedCached, request.CachedTokens);
        return [.. tokens];
    }
}
