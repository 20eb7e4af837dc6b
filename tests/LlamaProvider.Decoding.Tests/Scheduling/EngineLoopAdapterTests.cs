using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Scheduling;

/// <summary>Requests with different adapters at once.</summary>
public sealed class EngineLoopAdapterTests
{
    private static readonly int[] Prompt = [.. Enumerable.Range(2, 20)];
    private static readonly AdapterSet[] Sets = [AdapterSet.None, new([new("a", 1)]), new([new("b", 1)]), new([new("a", 1), new("b", 0.5f)])];

    private readonly ScriptedModel _model = new(ScriptedVocabulary.Bytes(), ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes()).Logits) { Adapters = ["a", "b"] };

    [Theory]
    [InlineData(500, 0)]
    [InlineData(110, 0)]
    [InlineData(130, 3)]
    public void Step_DifferentAdapters_EqualEachAlone(int cells, int keptSequences)
    {
        int[][] alone = [.. Enumerable.Range(0, 12).Select(i => Generate(new TestLoop(_model), i, out _))];
        var loop = new TestLoop(_model, cells: cells, keptSequences: keptSequences);
        GenerationRequest[] requests = [.. Enumerable.Range(0, 12).Select(i => Submit(loop, i))];

        loop.RunToEnd();

        Assert.Equal(alone, requests.Select(request => TestLoop.Read(request).Tokens.ToArray()));
        Assert.Equal(4, alone.Select(answer => answer[0]).Distinct().Count());
        Assert.True(cells > 200 || loop.SawPreemption, "Nothing was preempted, so this proves little.");
    }

    [Fact]
    public void Step_SamePromptWithOtherAdapters_SharesNoPrefix()
    {
        var loop = new TestLoop(_model, keptSequences: 4);
        Generate(loop, 1, out int first);
        Generate(loop, 2, out int other);
        Generate(loop, 1, out int again);

        Assert.Equal((0, 0, Prompt.Length - 1), (first, other, again));
    }

    [Fact]
    public void Step_RunningAnswersWithTwoSets_TakeTurns()
    {
        var loop = new TestLoop(_model);
        GenerationRequest[] requests = [.. Enumerable.Range(0, 2).Select(i => loop.Submit([7, 8], maxTokens: 60, adapters: Sets[i]))];
        int[] counts = new int[2];
        var turns = new List<int>();
        while (!loop.Engine.IsEmpty)
        {
            loop.Engine.Step();
            for (int i = 0; i < 2; i++)
            {
                int tokens = TestLoop.Read(requests[i]).Tokens.Count;
                counts[i] += tokens;
                turns.AddRange(Enumerable.Repeat(i, tokens));
            }
        }

        int shorter = Math.Min(counts[0], counts[1]) / AdapterTurns.StepsPerTurn * AdapterTurns.StepsPerTurn;
        Assert.True(shorter > 0);
        Assert.Equal(Enumerable.Range(0, 2 * shorter).Select(step => step / AdapterTurns.StepsPerTurn % 2), turns.Take(2 * shorter));
    }

    [Fact]
    public void Step_WaitingRequestOfOtherAdapters_IsNotOvertaken()
    {
        var loop = new TestLoop(_model, sequences: 2, cells: 60);
        loop.Submit([7, 8], maxTokens: 25);
        loop.Engine.Step();
        GenerationRequest large = loop.Submit([.. Enumerable.Range(2, 56)], maxTokens: 2, adapters: Sets[1]);
        GenerationRequest small = loop.Submit([9], maxTokens: 2);
        while (TestLoop.Read(large).End is null)
        {
            Assert.Empty(TestLoop.Read(small).Tokens);
            loop.Engine.Step();
        }

        loop.RunToEnd();
        Assert.NotNull(TestLoop.Read(small).End);
    }

    private static GenerationRequest Submit(TestLoop loop, int number) => loop.Submit(Prompt, maxTokens: 10 + number, adapters: Sets[number % Sets.Length]);

    private static int[] Generate(TestLoop loop, int number, out int cached)
    {
        GenerationRequest request = Submit(loop, number);
        loop.RunToEnd();
        cached = request.CachedTokens;
        return [.. TestLoop.Read(request).Tokens];
    }
}
