using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Phrases;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Stopping;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Strategies.BestOf;
using LlamaProvider.Decoding.Strategies.Sampling;
using LlamaProvider.Decoding.Tests.Scheduling;
using LlamaProvider.Decoding.Tests.Strategies.Beam;

namespace LlamaProvider.Decoding.Tests.Strategies.BestOf;

public sealed class BestOfStrategyTests
{
    private static readonly int[] Prompt = [2, 3, 4];
    private static readonly SamplerPipeline Drawn = new([]);

    [Fact]
    public void Draws_EachSeed_AreThoseOfRequestsAlone()
    {
        TableModel model = TableModel.Random(3, 8, 3, spread: 2, []);

        (BestOfStrategy best, _, _) = Run(model, BestOf(model, 5));

        var alone = Enumerable.Range(0, 5).Select(draw => Alone(model, draw)).ToHashSet(SequenceComparer.Instance);
        Assert.Equal(5, best.Results.Count);
        Assert.Subset(alone, best.Results.Select(answer => answer.Tokens).ToHashSet(SequenceComparer.Instance));
        Assert.True(alone.Count > 3, "The draws are alike, so this proves little.");
    }

    [Fact]
    public void Results_AreOrderedByTheMeanLogProbability()
    {
        TableModel model = TableModel.Random(3, 8, 3, 1);

        (BestOfStrategy best, List<int> tokens, GenerationEnd end) = Run(model, BestOf(model, 6));

        Assert.Equal(best.Results[0].Tokens, tokens);
        Assert.Equal(best.Results[0].End, end);
        Assert.Equal(best.Results.OrderByDescending(answer => answer.LogProbabilities.Average()), best.Results);
        Assert.All(best.Results, answer =>
        {
            int[] whole = answer.End == GenerationEnd.EndOfGeneration ? [.. answer.Tokens, 1] : answer.Tokens;
            Assert.Equal(whole.Length, answer.LogProbabilities.Length);
            for (int i = 0; i < whole.Length; i++)
            {
                Assert.Equal(model.LogProbability([.. Prompt, .. whole[..i]], whole[i]), answer.LogProbabilities[i], 1e-5);
            }
        });
    }

    [Fact]
    public void Draws_LongPrompt_EvaluateItOnceAndShareIt()
    {
        int[] prompt = [.. Enumerable.Repeat(3, 100)];
        TableModel model = TableModel.Random(7, 8, 3);
        var loop = new TestLoop(model.Model, sequences: 4, batchTokens: 128);
        loop.Submit(BestOf(model, 4, prompt, maxTokens: 100));
        for (int step = 0; step < 11; step++)
        {
            loop.Engine.Step();
        }

        Assert.Equal(140, model.Model.Faults.UsedCells);
        Assert.Equal([100, 4, 4], model.Model.Faults.BatchSizes.Take(3));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Draws_SequencesTakenAway_AreTheSame(int step)
    {
        for (ulong seed = 1; seed <= 10; seed++)
        {
            TableModel model = TableModel.Random(seed, 8, 3, 1);
            BestOfStrategy alone = Run(model, BestOf(model, 4)).Best;
            var loop = new TestLoop(model.Model, sequences: 5);
            BestOfStrategy best = BestOf(model, 4);
            loop.Submit(best);
            for (int i = 0; i < step; i++)
            {
                loop.Engine.Step();
            }

            if (loop.Engine.Runs.Count > 0)
            {
                loop.Engine.Runs[0].Preempt();
                Assert.Equal(0, loop.Engine.Context.CountCells([0, 1, 2, 3]));
            }

            loop.RunToEnd();

            Assert.Equal(alone.Results.Select(answer => answer.Tokens), best.Results.Select(answer => answer.Tokens));
            Assert.Equal(alone.Results.Select(answer => answer.Likelihood), best.Results.Select(answer => answer.Likelihood));
        }
    }

    [Fact]
    public void Draws_BesideEightRequests_AreTheSame()
    {
        TableModel model = TableModel.Random(5, 8, 3, 1);
        BestOfStrategy alone = Run(model, BestOf(model, 4)).Best;
        var loop = new TestLoop(model.Model, sequences: 12);
        GenerationRequest[] others = [.. Enumerable.Range(0, 8).Select(i => loop.Submit([2, 3, i], 12))];
        BestOfStrategy beside = BestOf(model, 4);
        loop.Submit(beside);

        loop.RunToEnd();

        Assert.Equal(alone.Results.Select(answer => answer.Tokens), beside.Results.Select(answer => answer.Tokens));
        Assert.All(others, (request, i) => Assert.Equal(loop.ExpectedUntilEnd([2, 3, i], 12), TestLoop.Read(request).Tokens));
    }

    [Fact]
    public void Draws_RequiredPhrase_IsInEach()
    {
        TableModel model = TableModel.Random(3, 8, 3, 1);
        var constraint = new SequenceConstraint("phrases", ConstraintFactory.Compile(
            new ConstraintVocabulary(model.Vocabulary), required: new PhraseOptions { Phrases = ["hgc"] }).CreateMatcher(10));

        (BestOfStrategy best, _, _) = Run(model, BestOf(model, 6, maxTokens: 10, constraint: constraint));

        Assert.All(best.Results, answer => Assert.Contains("hgc", model.Vocabulary.GetText(answer.Tokens), StringComparison.Ordinal));
    }

    [Fact]
    public void Draws_ContextFull_EndThereWithWhatTheyHave()
    {
        TableModel model = TableModel.Random(7, 8, 3);

        (BestOfStrategy best, List<int> tokens, GenerationEnd end) = Run(model, BestOf(model, 4, maxTokens: null), cells: 24);

        Assert.Equal(GenerationEndReason.ContextLimit, end.Reason);
        Assert.Equal(4, best.Results.Count);
        Assert.InRange(tokens.Count, 4, 7);
    }

    [Fact]
    public void Draws_Cancelled_FreeAllSequences()
    {
        TableModel model = TableModel.Random(7, 8, 3);
        var loop = new TestLoop(model.Model, sequences: 4);
        GenerationRequest request = loop.Submit(BestOf(model, 4, maxTokens: 100));
        for (int step = 0; step < 5; step++)
        {
            loop.Engine.Step();
        }

        request.Cancel();
        loop.Engine.Step();

        Assert.Equal(GenerationEndReason.Cancelled, TestLoop.Read(request).End!.Reason);
        Assert.Equal(0, model.Model.Faults.UsedCells);
        Assert.Equal(4, loop.Engine.Prefixes.Pool.FreeCount);
    }

    [Fact]
    public void Draws_Steps_AllocateNothingOfTheirOwn()
    {
        TableModel model = TableModel.Random(2, 12, 2);
        BestOfStrategy best = BestOf(model, 4, maxTokens: 4000);
        int allocating = new BlankStep(12).CountAllocating(best);

        Assert.True(allocating < 20, $"{allocating} of 1000 steps allocated; only lists that outgrow their arrays may.");
    }

    private static BestOfStrategy BestOf(TableModel model, int count, int[]? prompt = null, int? maxTokens = 12, SequenceConstraint? constraint = null) => new(
        [.. Enumerable.Range(0, count).Select(draw => new AnswerTokens(
            model.Vocabulary, Sampler(model, draw, prompt ?? Prompt, constraint?.Fork()), new StopSequences([]), maxTokens))]);

    private static TokenSampler Sampler(TableModel model, int draw, int[] prompt, SequenceConstraint? constraint = null) =>
        model.Sampler(prompt, Drawn, constraint).ForkWithSeed((ulong)draw + 10);

    private static int[] Alone(TableModel model, int draw)
    {
        var loop = new TestLoop(model.Model);
        GenerationRequest request = loop.Submit(new SamplingStrategy(model.Vocabulary, Sampler(model, draw, Prompt), new StopSequences([]), 12));
        loop.RunToEnd();
        return [.. TestLoop.Read(request).Tokens];
    }

    private static (BestOfStrategy Best, List<int> Tokens, GenerationEnd End) Run(TableModel model, BestOfStrategy best, int cells = 500)
    {
        var loop = new TestLoop(model.Model, sequences: best.MaxSequences, cells);
        GenerationRequest request = loop.Submit(best);
        loop.RunToEnd();
        (List<int> tokens, GenerationEnd? end) = TestLoop.Read(request);
        Assert.Null(end!.Error);
        Assert.Equal(0, model.Model.Faults.UsedCells);
        return (best, tokens, end);
    }

    private sealed class SequenceComparer : IEqualityComparer<int[]>
    {
        public static SequenceComparer Instance { get; } = new();

        public bool Equals(int[]? x, int[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(int[] tokens) => tokens.Aggregate(17, HashCode.Combine);
    }
}
