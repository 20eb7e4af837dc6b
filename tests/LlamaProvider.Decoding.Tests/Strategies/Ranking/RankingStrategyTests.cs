using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Strategies.Ranking;
using LlamaProvider.Decoding.Tests.Scheduling;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Strategies.Ranking;

public sealed class RankingStrategyTests
{
    private readonly ScriptedModel _decoder = ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes(), ModelCapabilities.All with { HasRankHead = true });
    private readonly ScriptedModel _encoder = ScriptedModel.PseudoRandom(
        ScriptedVocabulary.Bytes(), new ModelCapabilities { HasRankHead = true, HasHiddenStates = true, EvaluatesWholeTexts = true });

    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 90)]
    [InlineData(true, 1)]
    [InlineData(true, 64)]
    public void Relevance_AnyLength_IsThatOfTheModel(bool whole, int length)
    {
        ScriptedModel model = whole ? _encoder : _decoder;
        var loop = new TestLoop(model);
        int[] text = TestLoop.Text(length, 3);
        var strategy = new RankingStrategy(text, whole);
        GenerationRequest request = loop.Submit(strategy);

        loop.RunToEnd();

        Assert.Equal(GenerationEnd.EndOfGeneration, TestLoop.Read(request).End);
        Assert.Equal(ScriptedContext.Relevance(text), strategy.Relevance);
        Assert.Equal(0, model.Faults.UsedCells);
    }

    [Fact]
    public void Relevance_ManyTextsOfAnEncoder_ShareBatchesAndEqualAlone()
    {
        var loop = new TestLoop(_encoder);
        int[][] texts = [.. Enumerable.Range(0, 12).Select(i => TestLoop.Text(3 + (11 * i % 40), i))];
        RankingStrategy[] strategies = [.. texts.Select(text => new RankingStrategy(text, whole: true))];
        Array.ForEach(strategies, strategy => loop.Submit(strategy));

        loop.RunToEnd();

        Assert.Equal(texts.Select(text => ScriptedContext.Relevance(text)), strategies.Select(strategy => strategy.Relevance));

        // Anti-vacuity: texts shared evaluations, and none was cut.
        Assert.True(_encoder.Faults.BatchSizes.Count < texts.Length);
        Assert.Equal(texts.Sum(text => text.Length), _encoder.Faults.BatchSizes.Sum());
    }

    [Fact]
    public void Relevance_AfterAnAbortedEvaluation_IsComputedAgain()
    {
        var loop = new TestLoop(_encoder);
        int[] text = TestLoop.Text(30, 1);
        var strategy = new RankingStrategy(text, whole: true);
        loop.Submit(strategy);
        _encoder.Faults.Next.Enqueue(EvaluationStatus.Aborted);

        loop.RunToEnd();

        Assert.Equal(ScriptedContext.Relevance(text), strategy.Relevance);
    }

    [Fact]
    public void Sequence_OfADecoder_IsKeptForTheNextDocument()
    {
        var loop = new TestLoop(_decoder, keptSequences: 2);
        loop.Submit(new RankingStrategy(TestLoop.Text(30, 1), whole: false));
        loop.RunToEnd();
        int[] next = [.. TestLoop.Text(30, 1)[..20], 9, 8, 7];
        var strategy = new RankingStrategy(next, whole: false);

        GenerationRequest request = loop.Submit(strategy);
        loop.RunToEnd();

        Assert.Equal(20, request.CachedTokens);
        Assert.Equal(ScriptedContext.Relevance(next), strategy.Relevance);
    }
}
