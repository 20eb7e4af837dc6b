using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Stopping;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Strategies.Sampling;
using LlamaProvider.TestSupport.Sampling;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Scheduling;

public sealed class EngineLoopTests
{
    private readonly ScriptedModel _model = ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes());

    [Fact]
    public void Step_OneRequest_GeneratesWhatTheModelSays()
    {
        var loop = new TestLoop(_model);
        GenerationRequest request = loop.Submit([5, 6, 7], maxTokens: 10);

        loop.RunToEnd();

        (List<int> tokens, GenerationEnd? end) = TestLoop.Read(request);
        Assert.Equal(loop.Expected([5, 6, 7], 10), tokens);
        Assert.Equal(GenerationEndReason.TokenLimit, end!.Reason);
        Assert.Equal(0, _model.Faults.UsedCells);
    }

    [Fact]
    public void Step_ManyRequests_EqualEachAlone()
    {
        var loop = new TestLoop(_model, sequences: 3, cells: 200);
        int[][] prompts = [.. Enumerable.Range(0, 12).Select(i => Enumerable.Range(2, 5 + (7 * i % 40)).Select(t => t + i).ToArray())];
        GenerationRequest[] requests = [.. prompts.Select((prompt, i) => loop.Submit(prompt, maxTokens: 5 + i))];

        loop.RunToEnd();

        for (int i = 0; i < prompts.Length; i++)
        {
            Assert.Equal(loop.Expected(prompts[i], 5 + i), TestLoop.Read(requests[i]).Tokens);
        }

        Assert.Contains(_model.Faults.BatchSizes, size => size > 1);
    }

    [Fact]
    public void Step_HigherPriority_IsAdmittedFirst()
    {
        var loop = new TestLoop(_model, sequences: 1);
        GenerationRequest[] requests = [.. new[] { 0, 0, 5, -1, 5 }.Select((priority, i) => loop.Submit([5 + i], maxTokens: 2, priority: priority))];
        var order = new List<int>();

        while (!loop.Engine.IsEmpty)
        {
            loop.Engine.Step();
            order.AddRange(Enumerable.Range(0, requests.Length).Where(i => !order.Contains(i) && TestLoop.Read(requests[i]).End is not null));
        }

        Assert.Equal([2, 4, 0, 1, 3], order);
    }

    [Fact]
    public void Step_LongPromptBesideRunningAnswer_RunningAnswerGetsATokenEachStep()
    {
        var loop = new TestLoop(_model, cells: 2000, batchTokens: 16);
        GenerationRequest running = loop.Submit([5], maxTokens: 100);
        loop.Engine.Step();
        Assert.Single(TestLoop.Read(running).Tokens);
        GenerationRequest prompt = loop.Submit([.. Enumerable.Range(2, 200)], maxTokens: 1);

        for (int step = 0; step < 13; step++)
        {
            loop.Engine.Step();
            Assert.Single(TestLoop.Read(running).Tokens);
        }

        Assert.Empty(TestLoop.Read(prompt).Tokens);
        loop.RunToEnd();
        Assert.Equal(loop.Expected([.. Enumerable.Range(2, 200)], 1), TestLoop.Read(prompt).Tokens);
    }

    [Fact]
    public void Step_StopSequenceAcrossTokens_Ends()
    {
        var loop = new TestLoop(_model);
        int[] expected = loop.Expected([5, 6, 7], 12);
        string stop = string.Concat(expected[4..7].Select(token => (char)(token - 2)));
        if (stop.Any(c => c > 127))
        {
            stop = string.Concat(expected[4..7].Where(token => token - 2 <= 127).Take(1).Select(token => (char)(token - 2)));
        }

        Assert.NotEqual("", stop);
        var strategy = new SamplingStrategy(_model.Vocabulary, TestSamplers.Greedy(_model.Vocabulary, [5, 6, 7]), new StopSequences([stop]), 12);
        GenerationRequest request = loop.Submit(strategy);

        loop.RunToEnd();

        (List<int> tokens, GenerationEnd? end) = TestLoop.Read(request);
        Assert.Equal(GenerationEndReason.StopSequence, end!.Reason);
        Assert.Equal(expected[..tokens.Count], tokens);
        Assert.EndsWith(stop, string.Concat(tokens.Select(token => (char)(token - 2))));
    }
}
