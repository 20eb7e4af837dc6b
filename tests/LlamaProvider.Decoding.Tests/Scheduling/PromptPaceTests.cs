using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Scheduling;

public sealed class PromptPaceTests
{
    [Fact]
    public void Tokens_NothingMeasured_AreTheLeast() => Assert.Equal(32, new PromptPace(TimeSpan.FromSeconds(1)).Tokens);

    [Fact]
    public void Tokens_SteadyPace_FillTheTime()
    {
        var pace = new PromptPace(TimeSpan.FromMilliseconds(200));
        pace.Observe(100, 0.1);

        Assert.Equal(200, pace.Tokens);
    }

    [Fact]
    public void Tokens_PaceChanges_FollowWithinAFewSteps()
    {
        var pace = new PromptPace(TimeSpan.FromMilliseconds(200));
        pace.Observe(100, 0.1);
        for (int i = 0; i < 12; i++)
        {
            pace.Observe(100, 0.2);
        }

        Assert.InRange(pace.Tokens, 100, 104);
    }

    [Fact]
    public void Tokens_SlowMachine_AreNotBelowTheLeast()
    {
        var pace = new PromptPace(TimeSpan.FromMilliseconds(1));
        pace.Observe(100, 10);

        Assert.Equal(32, pace.Tokens);
    }

    [Fact]
    public void Observe_StepsOfAnswersOnly_SayNothing()
    {
        var pace = new PromptPace(TimeSpan.FromSeconds(1));
        pace.Observe(100, 0.1);
        pace.Observe(8, 5);

        Assert.Equal(1000, pace.Tokens);
    }

    [Fact]
    public void Step_SlowEvaluations_GivePromptsSmallChunksBesideAnswersOnly()
    {
        ScriptedModel model = ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes());
        var loop = new TestLoop(model, cells: 2000, batchTokens: 256);
        GenerationRequest answer = loop.Submit([5], maxTokens: 6);
        loop.Engine.Step();
        loop.Submit([.. Enumerable.Range(2, 200)], maxTokens: 1);

        // Each reading of the clock takes two seconds, so an evaluation takes two: about 33 tokens make it 16 tokens a second, of which ten seconds hold 165.
        loop.Time.AutoAdvanceAmount = TimeSpan.FromSeconds(2);
        int before = model.Faults.BatchSizes.Count;
        loop.RunToEnd();

        Assert.Equal([33, 166, 4], model.Faults.BatchSizes.Skip(before).Take(3));
        Assert.Equal(6, TestLoop.Read(answer).Tokens.Count);
    }
}
