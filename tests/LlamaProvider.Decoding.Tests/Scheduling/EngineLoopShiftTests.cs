using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Strategies.Prefill;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Scheduling;

/// <summary>Answers that outgrow the context and forget their oldest tokens.</summary>
public sealed class EngineLoopShiftTests
{
    private const int Cells = 32;
    private static readonly int[] Prompt = [5, 6, 7, 8, 9];
    private readonly ScriptedModel _model = Endless(ModelCapabilities.All);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    public void Step_AnswerOutgrowsTheContext_ForgetsTheOlderHalfOfWhatFollowsTheKept(int kept)
    {
        var loop = new TestLoop(_model, cells: Cells, batchTokens: Cells);
        GenerationRequest request = loop.Submit(Prompt, maxTokens: 200, kept: kept);
        loop.RunToEnd();

        (List<int> tokens, GenerationEnd? end) = TestLoop.Read(request);

        Assert.Equal(GenerationEndReason.TokenLimit, end!.Reason);
        Assert.Equal(Expected(Prompt, kept, 200, Cells), tokens);
        Assert.Equal(0, _model.Faults.UsedCells);
        Assert.All(_model.Faults.BatchSizes.Skip(1), size => Assert.Equal(1, size));
    }

    [Fact]
    public void Step_BesideOthers_IsPreemptedAndComputesAgainWhatItStillHolds()
    {
        var loop = new TestLoop(_model, cells: Cells, batchTokens: Cells);
        GenerationRequest first = loop.Submit(Prompt, maxTokens: 150, kept: 2);
        GenerationRequest second = loop.Submit([50, 51], maxTokens: 100, kept: 1);
        loop.RunToEnd();

        Assert.True(loop.SawPreemption, "Nothing was preempted, so this proves nothing.");
        Assert.Equal(GenerationEndReason.TokenLimit, TestLoop.Read(second).End!.Reason);
        Assert.Equal(Expected(Prompt, 2, 150, Cells), TestLoop.Read(first).Tokens);
    }

    [Fact]
    public void Step_AbortedAfterAShift_ComputesAgainWhatItStillHolds()
    {
        var loop = new TestLoop(_model, cells: Cells, batchTokens: Cells);
        GenerationRequest request = loop.Submit(Prompt, maxTokens: 100, kept: 3);
        for (int step = 0; step < 40; step++)
        {
            loop.Engine.Step();
        }

        _model.Faults.Next.Enqueue(EvaluationStatus.Aborted);
        loop.RunToEnd();

        Assert.Equal(Expected(Prompt, 3, 100, Cells), TestLoop.Read(request).Tokens);
        Assert.True(_model.Faults.BatchSizes.Skip(1).Max() > 10, "Nothing was computed again, so this proves nothing.");
    }

    [Fact]
    public void Step_AfterAShift_OnlyTheKeptBeginningIsAPrefixForOthers()
    {
        var loop = new TestLoop(_model, cells: Cells, batchTokens: Cells, keptSequences: 2);
        GenerationRequest request = loop.Submit(Prompt, maxTokens: 60, kept: 3);
        loop.RunToEnd();
        int[] held = [.. Prompt[..3], .. TestLoop.Read(request).Tokens[^10..]];

        Assert.Equal([3], loop.Engine.Prefixes.Sequences.Select(sequence => sequence.Length));
        GenerationRequest next = loop.Submit(held, maxTokens: 4);
        loop.RunToEnd();
        Assert.Equal((3, 4), (next.CachedTokens, TestLoop.Read(next).Tokens.Count));
    }

    [Fact]
    public void Step_CellsThatWouldMoveAreShared_ComputesAgainInstead()
    {
        var loop = new TestLoop(_model, cells: Cells, batchTokens: Cells, keptSequences: 2);
        int[] pinned = [.. Enumerable.Range(2, 20)];
        loop.Submit(new PrefillStrategy(pinned), pinsPrefix: true);
        loop.RunToEnd();
        int[] prompt = [.. pinned, 60];
        GenerationRequest request = loop.Submit(prompt, maxTokens: 60, kept: 2);
        loop.RunToEnd();

        (List<int> tokens, GenerationEnd? end) = TestLoop.Read(request);
        Assert.Equal(20, request.CachedTokens);
        Assert.Equal(GenerationEndReason.TokenLimit, end!.Reason);
        Assert.Equal(loop.Expected(prompt, 11), tokens.Take(11));
        Assert.Contains(loop.Engine.Prefixes.Sequences, sequence => sequence.IsPinned && sequence.Length == 20);
    }

    [Fact]
    public void Step_MemoryCannotShift_ComputesAgainInstead()
    {
        ScriptedModel fixedPositions = Endless(ModelCapabilities.All with { CanShift = false });
        var loop = new TestLoop(fixedPositions, cells: Cells, batchTokens: Cells);
        GenerationRequest request = loop.Submit(Prompt, maxTokens: 100, kept: 4);
        loop.RunToEnd();

        Assert.Equal(Expected(Prompt, 4, 100, Cells), TestLoop.Read(request).Tokens);
    }

    /// <summary>What greedy decoding gives when the text in the model's view is cut whenever it has one token more than the context.</summary>
    private List<int> Expected(int[] prompt, int kept, int count, int cells)
    {
        List<int> text = [.. prompt];
        List<int> answer = [];
        float[] logits = new float[_model.Vocabulary.Count];
        while (answer.Count < count)
        {
            if (text.Count > cells)
            {
                text.RemoveRange(kept, (text.Count - kept) / 2);
            }

            _model.Logits(text.ToArray(), logits);
            answer.Add(Array.IndexOf(logits, logits.Max()));
            text.Add(answer[^1]);
        }

        return answer;
    }

    /// <summary>A model whose answers never end by themselves.</summary>
    private static ScriptedModel Endless(ModelCapabilities capabilities)
    {
        ScriptedModel random = ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes());
        return new ScriptedModel(random.Vocabulary, (prefix, logits) =>
        {
            random.Logits(prefix, logits);
            logits[0] = -1;
        })
        {
            Capabilities = capabilities,
        };
    }
}
