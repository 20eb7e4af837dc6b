using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Strategies.Embedding;
using LlamaProvider.Decoding.Tests.Scheduling;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Strategies.Embedding;

public sealed class EmbeddingStrategyTests
{
    private readonly ScriptedModel _model = ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes());

    [Theory]
    [InlineData(EmbeddingPooling.Mean, 1)]
    [InlineData(EmbeddingPooling.Mean, 4)]
    [InlineData(EmbeddingPooling.Mean, 7)]
    [InlineData(EmbeddingPooling.Mean, 90)]
    [InlineData(EmbeddingPooling.Cls, 90)]
    [InlineData(EmbeddingPooling.Last, 1)]
    [InlineData(EmbeddingPooling.Last, 90)]
    public void Pooled_AnyLength_IsThatOfTheModelsStates(EmbeddingPooling pooling, int length)
    {
        var loop = new TestLoop(_model);
        int[] text = TestLoop.Text(length, 3);
        (EmbeddingStrategy strategy, GenerationRequest request) = Submit(loop, text, pooling);

        loop.RunToEnd();

        Assert.Equal(GenerationEnd.EndOfGeneration, TestLoop.Read(request).End);
        Assert.Equal(0, _model.Faults.UsedCells);
        AssertPooled(text, pooling, strategy);
    }

    [Theory]
    [InlineData(EmbeddingPooling.Mean)]
    [InlineData(EmbeddingPooling.Cls)]
    [InlineData(EmbeddingPooling.Last)]
    public void Pooled_ModelOfWholeTexts_IsOfStatesThatSawTheWholeText(EmbeddingPooling pooling)
    {
        ScriptedModel model = ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes(), new ModelCapabilities { HasHiddenStates = true, EvaluatesWholeTexts = true });
        var loop = new TestLoop(model);
        int[] text = TestLoop.Text(50, 3);
        var strategy = new EmbeddingStrategy(text, pooling, model.Description.HiddenSize, loop.Engine.Context.Limits, whole: true);
        loop.Submit(strategy);

        loop.RunToEnd();

        float[][] states = [.. Enumerable.Range(0, text.Length).Select(i => ScriptedContext.HiddenState(text, i, model.Description.HiddenSize))];
        float[][] pooled = pooling == EmbeddingPooling.Cls ? [states[0]] : pooling == EmbeddingPooling.Last ? [states[^1]] : states;
        Assert.All(Enumerable.Range(0, strategy.Pooled.Length), i => Assert.Equal(pooled.Average(state => state[i]), strategy.Pooled[i], 1e-5f));
        Assert.Equal([50], model.Faults.BatchSizes);
    }

    [Fact]
    public void Pooled_BesideRunningAnswers_EqualsAloneAndChangesNoAnswer()
    {
        var loop = new TestLoop(_model, sequences: 4, cells: 300);
        GenerationRequest[] answers = [.. Enumerable.Range(0, 3).Select(i => loop.Submit([5 + i, 9], maxTokens: 40))];
        int[][] texts = [.. Enumerable.Range(0, 9).Select(i => TestLoop.Text(3 + (11 * i % 50), i))];
        EmbeddingStrategy[] strategies = [.. texts.Select((text, i) => Submit(loop, text, i % 3 == 2 ? EmbeddingPooling.Last : EmbeddingPooling.Mean).Strategy)];

        loop.RunToEnd();

        for (int i = 0; i < texts.Length; i++)
        {
            AssertPooled(texts[i], i % 3 == 2 ? EmbeddingPooling.Last : EmbeddingPooling.Mean, strategies[i]);
        }

        for (int i = 0; i < answers.Length; i++)
        {
            Assert.Equal(loop.Expected([5 + i, 9], 40), TestLoop.Read(answers[i]).Tokens);
        }

        // Anti-vacuity: a step was shared by an answer and a chunk of a text (of 4 tokens: half of 2 · 4).
        Assert.Contains(_model.Faults.BatchSizes, size => size > 4);
        Assert.All(_model.Faults.BatchSizes, size => Assert.True(size <= 64));
    }

    [Fact]
    public void Pooled_AfterAFailedEvaluation_BeginsAgain()
    {
        var loop = new TestLoop(_model);
        int[] text = TestLoop.Text(30, 1);
        (EmbeddingStrategy strategy, _) = Submit(loop, text, EmbeddingPooling.Mean);
        loop.Engine.Step();
        loop.Engine.Step();
        _model.Faults.Next.Enqueue(EvaluationStatus.Aborted);

        loop.RunToEnd();

        AssertPooled(text, EmbeddingPooling.Mean, strategy);
    }

    [Fact]
    public void Sequences_AfterTheEnd_AreNotKeptAsPrefixes()
    {
        var loop = new TestLoop(_model, keptSequences: 4);
        Submit(loop, TestLoop.Text(30, 1), EmbeddingPooling.Mean);
        loop.RunToEnd();
        Assert.Empty(loop.Engine.Prefixes.Sequences);

        loop.Submit(TestLoop.Text(30, 1), maxTokens: 3);
        loop.RunToEnd();
        Assert.Single(loop.Engine.Prefixes.Sequences);
        (EmbeddingStrategy strategy, GenerationRequest request) = Submit(loop, TestLoop.Text(30, 1), EmbeddingPooling.Last);
        loop.RunToEnd();
        Assert.Equal(29, request.CachedTokens);
        AssertPooled(TestLoop.Text(30, 1), EmbeddingPooling.Last, strategy);
    }

    private (EmbeddingStrategy Strategy, GenerationRequest Request) Submit(TestLoop loop, int[] text, EmbeddingPooling pooling)
    {
        var strategy = new EmbeddingStrategy(text, pooling, _model.Description.HiddenSize, loop.Engine.Context.Limits);
        return (strategy, loop.Submit(strategy));
    }

    /// <summary>Straight from the scripted model's function of the prefix, one token after the other.</summary>
    private void AssertPooled(int[] text, EmbeddingPooling pooling, EmbeddingStrategy strategy)
    {
        using IModelContext context = _model.CreateContext(new ContextOptions { Sequences = 1 });
        var rows = new List<float[]>();
        var batch = new ModelBatch();
        for (int i = 0; i < text.Length; i++)
        {
            batch.Clear();
            batch.HiddenStates = true;
            batch.AddOutput(text[i], i, 0);
            context.Evaluate(batch);
            rows.Add(context.GetHiddenState(0).ToArray());
        }

        float[][] pooled = pooling switch
        {
            EmbeddingPooling.Cls => [rows[0]],
            EmbeddingPooling.Last => [rows[^1]],
            _ => [.. rows],
        };
        for (int i = 0; i < strategy.Pooled.Length; i++)
        {
            Assert.Equal(pooled.Average(row => row[i]), strategy.Pooled[i], 1e-5f);
        }
    }
}
