using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Strategies.Likelihood;
using LlamaProvider.Decoding.Tests.Scheduling;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Strategies.Likelihood;

public sealed class LikelihoodStrategyTests
{
    private readonly ScriptedModel _model = ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes());

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(90, 1)]
    [InlineData(90, 45)]
    [InlineData(90, 89)]
    [InlineData(200, 101)]
    public void Losses_AnyTextAndStart_AreThoseOfTheModelsLogits(int length, int firstScored)
    {
        var loop = new TestLoop(_model);
        int[] text = TestLoop.Text(length, 3);
        (LikelihoodStrategy strategy, GenerationRequest request) = Submit(loop, text, firstScored);

        loop.RunToEnd();

        Assert.Equal(GenerationEnd.EndOfGeneration, TestLoop.Read(request).End);
        Assert.Equal(0, _model.Faults.UsedCells);
        AssertLosses(text, firstScored, strategy);
    }

    [Fact]
    public void Losses_BesideRunningAnswersAndTexts_EqualAloneAndChangeNoAnswer()
    {
        var loop = new TestLoop(_model, sequences: 4, cells: 300);
        GenerationRequest[] answers = [.. Enumerable.Range(0, 3).Select(i => loop.Submit([5 + i, 9], maxTokens: 40))];
        int[][] texts = [.. Enumerable.Range(0, 9).Select(i => TestLoop.Text(8 + (11 * i % 50), i))];
        LikelihoodStrategy[] strategies = [.. texts.Select((text, i) => Submit(loop, text, 1 + (i % 5)).Strategy)];

        loop.RunToEnd();

        for (int i = 0; i < texts.Length; i++)
        {
            AssertLosses(texts[i], 1 + (i % 5), strategies[i]);
        }

        for (int i = 0; i < answers.Length; i++)
        {
            Assert.Equal(loop.Expected([5 + i, 9], 40), TestLoop.Read(answers[i]).Tokens);
        }

        // Anti-vacuity: steps were shared.
        Assert.Contains(_model.Faults.BatchSizes, size => size > 4);
    }

    [Fact]
    public void Losses_AfterAFailedEvaluation_BeginAgain()
    {
        var loop = new TestLoop(_model);
        int[] text = TestLoop.Text(40, 1);
        (LikelihoodStrategy strategy, _) = Submit(loop, text, 10);
        loop.Engine.Step();
        loop.Engine.Step();
        _model.Faults.Next.Enqueue(EvaluationStatus.Aborted);

        loop.RunToEnd();

        AssertLosses(text, 10, strategy);
    }

    [Fact]
    public void Sequences_AfterTheEnd_AreNotKeptAsPrefixes()
    {
        var loop = new TestLoop(_model, keptSequences: 4);
        Submit(loop, TestLoop.Text(30, 1), 5);

        loop.RunToEnd();

        Assert.Empty(loop.Engine.Prefixes.Sequences);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Losses_LogitThatIsNoNumber_FailTheRequestAlone(float logit)
    {
        var broken = new ScriptedModel(ScriptedVocabulary.Bytes(), (prefix, logits) => logits.Fill(prefix.Length == 5 ? logit : 1));
        var loop = new TestLoop(broken);
        var strategy = new LikelihoodStrategy(TestLoop.Text(9, 1), 1, broken.Vocabulary.Count, loop.Engine.Context.Limits);
        GenerationRequest request = loop.Submit(strategy);

        loop.RunToEnd();

        int token = TestLoop.Text(9, 1)[5];
        Assert.Equal(
            $"The model gave logits that are no finite numbers before token {token}, so it has no probability. Check the model file.",
            Assert.IsType<EvaluationFailedException>(TestLoop.Read(request).End!.Error).Message);
    }

    private (LikelihoodStrategy Strategy, GenerationRequest Request) Submit(TestLoop loop, int[] text, int firstScored)
    {
        var strategy = new LikelihoodStrategy(text, firstScored, _model.Vocabulary.Count, loop.Engine.Context.Limits);
        return (strategy, loop.Submit(strategy));
    }

    /// <summary>Straight from the scripted model's function of the prefix, one token after the other, in double precision.</summary>
    private void AssertLosses(int[] text, int firstScored, LikelihoodStrategy strategy)
    {
        using IModelContext context = _model.CreateContext(new ContextOptions { Sequences = 1 });
        var losses = new List<double>();
        var batch = new ModelBatch();
        for (int i = 0; i < text.Length - 1; i++)
        {
            batch.Clear();
            batch.AddOutput(text[i], i, 0);
            context.Evaluate(batch);
            double[] logits = [.. context.GetLogits(0).ToArray().Select(logit => (double)logit)];
            losses.Add(Math.Log(logits.Sum(Math.Exp)) - logits[text[i + 1]]);
        }

        Assert.Equal(text.Length - firstScored, strategy.Losses.Length);
        for (int i = 0; i < strategy.Losses.Length; i++)
        {
            Assert.Equal(losses[firstScored - 1 + i], strategy.Losses[i], 1e-5);
        }
    }
}
