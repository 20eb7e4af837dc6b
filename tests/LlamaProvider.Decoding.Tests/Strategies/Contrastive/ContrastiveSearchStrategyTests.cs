using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Phrases;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Stopping;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Strategies.Contrastive;
using LlamaProvider.Decoding.Tests.Scheduling;
using LlamaProvider.Decoding.Tests.Strategies.Beam;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Strategies.Contrastive;

/// <summary>The rule of contrastive search, and how it lives with other requests.</summary>
public sealed class ContrastiveSearchStrategyTests
{
    private static readonly int[] Prompt = [2, 3, 4];

    [Theory]
    [InlineData(4, 0.0)]
    [InlineData(1, 0.6)]
    [InlineData(1, 1.0)]
    public void Search_OneCandidateOrNoPenalty_IsGreedy(int topK, double alpha)
    {
        for (ulong seed = 1; seed <= 30; seed++)
        {
            TableModel model = TableModel.Random(seed, 8, 3, 1);

            List<int> tokens = Run(model, Search(model, Prompt, topK, alpha)).Tokens;

            Assert.Equal(new TestLoop(model.Model).ExpectedUntilEnd(Prompt, 12), tokens);
        }
    }

    [Theory]
    [InlineData(2, 0.3)]
    [InlineData(4, 0.6)]
    [InlineData(8, 1.0)]
    public void Search_RandomTables_FollowsTheFormula(int topK, double alpha)
    {
        int unlikeGreedy = 0;
        for (ulong seed = 1; seed <= 30; seed++)
        {
            // Nearly even probabilities, since the scripted hidden states are all rather alike.
            TableModel model = TableModel.Random(seed, 8, 3, spread: 0.5f, [1]);

            List<int> tokens = Run(model, Search(model, Prompt, topK, alpha)).Tokens;

            Assert.Equal(Naive(model, topK, alpha), tokens);
            unlikeGreedy += tokens.SequenceEqual(new TestLoop(model.Model).ExpectedUntilEnd(Prompt, 12)) ? 0 : 1;
        }

        Assert.True(unlikeGreedy > 10, $"Only {unlikeGreedy} of 30 answers are not greedy ones, so this proves little.");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(6)]
    public void Search_SequencesTakenAway_FindsTheSame(int step)
    {
        // 20 tokens of prompt are read in three chunks, so the first two cases take the sequences away while it is read.
        int[] prompt = [.. Enumerable.Range(0, 20).Select(i => 2 + (i % 5))];
        TableModel model = TableModel.Random(7, 8, 3);
        List<int> alone = Run(model, Search(model, prompt)).Tokens;
        var loop = new TestLoop(model.Model, sequences: 8);
        GenerationRequest request = loop.Submit(Search(model, prompt));
        for (int i = 0; i < step; i++)
        {
            loop.Engine.Step();
        }

        loop.Engine.Runs[0].Preempt();
        Assert.Equal(0, loop.Engine.Context.CountCells([0, 1, 2, 3]));
        loop.RunToEnd();

        Assert.Equal(alone, TestLoop.Read(request).Tokens);
    }

    [Fact]
    public void Search_BesideEightRequests_FindsTheSame()
    {
        TableModel model = TableModel.Random(5, 8, 3, 1);
        List<int> alone = Run(model, Search(model, Prompt)).Tokens;
        var loop = new TestLoop(model.Model, sequences: 12);
        GenerationRequest[] others = [.. Enumerable.Range(0, 8).Select(i => loop.Submit([2, 3, i], 12))];
        GenerationRequest search = loop.Submit(Search(model, Prompt));

        loop.RunToEnd();

        Assert.Equal(alone, TestLoop.Read(search).Tokens);
        Assert.All(others, (request, i) => Assert.Equal(loop.ExpectedUntilEnd([2, 3, i], 12), TestLoop.Read(request).Tokens));
        Assert.Contains(model.Model.Faults.BatchSizes, size => size > 8);
    }

    [Fact]
    public void Search_Running_SharesTheTextAndEvaluatesTheCandidatesTogether()
    {
        int[] prompt = [.. Enumerable.Repeat(3, 100)];
        TableModel model = TableModel.Random(7, 8, 3);
        var loop = new TestLoop(model.Model, sequences: 4, batchTokens: 128);
        GenerationRequest request = loop.Submit(Search(model, prompt, maxTokens: 30));
        while (TestLoop.Read(request).Tokens.Count == 0)
        {
            loop.Engine.Step();
        }

        int before = model.Model.Faults.BatchSizes.Count;
        loop.Engine.Step();
        loop.Engine.Step();

        Assert.All(model.Model.Faults.BatchSizes.Skip(before), size => Assert.Equal(4, size));
        Assert.InRange(model.Model.Faults.UsedCells, 100, 108);
    }

    [Fact]
    public void Search_FewLegalTokens_ComparesThose()
    {
        TableModel model = TableModel.Random(3, 8, 3, 1);
        var constraint = new SequenceConstraint("phrases", ConstraintFactory.Compile(
            new ConstraintVocabulary(model.Vocabulary), required: new PhraseOptions { Phrases = ["hgc"] }).CreateMatcher(6));

        List<int> tokens = Run(model, Search(model, Prompt, maxTokens: 6, constraint: constraint)).Tokens;

        Assert.Contains("hgc", model.Vocabulary.GetText([.. tokens]), StringComparison.Ordinal);
    }

    [Fact]
    public void Search_StopSequence_EndsThere()
    {
        int stopped = 0;
        for (ulong seed = 1; seed <= 10; seed++)
        {
            TableModel model = TableModel.Random(seed, 6, 2);

            (List<int> tokens, GenerationEnd end) = Run(model, Search(model, Prompt, stops: "de"));

            stopped += end == GenerationEnd.StopSequence ? 1 : 0;
            Assert.Equal(end == GenerationEnd.StopSequence ? tokens.Count - 2 : -1, model.Vocabulary.GetText([.. tokens]).IndexOf("de", StringComparison.Ordinal));
        }

        Assert.InRange(stopped, 1, 10);
    }

    [Fact]
    public void Search_ContextFull_EndsThere()
    {
        TableModel model = TableModel.Random(7, 8, 3);

        (List<int> tokens, GenerationEnd end) = Run(model, Search(model, Prompt, maxTokens: null), cells: 20);

        Assert.Equal(GenerationEndReason.ContextLimit, end.Reason);
        Assert.InRange(tokens.Count, 10, 17);
    }

    [Fact]
    public void Search_TooFewCellsBesideAnother_IsPreemptedAndFindsTheSame()
    {
        TableModel model = TableModel.Random(7, 8, 3);
        int[] prompt = [.. Enumerable.Repeat(3, 20)];
        List<int> alone = Run(model, Search(model, prompt)).Tokens;
        var loop = new TestLoop(model.Model, sequences: 5, cells: 64);
        GenerationRequest first = loop.Submit([2], 60);
        for (int step = 0; step < 25; step++)
        {
            loop.Engine.Step();
        }

        GenerationRequest search = loop.Submit(Search(model, prompt));
        loop.RunToEnd();

        Assert.True(loop.SawPreemption, "Nothing was preempted, so this proves nothing.");
        Assert.Equal(alone, TestLoop.Read(search).Tokens);
        Assert.Equal(loop.Expected([2], 60), TestLoop.Read(first).Tokens);
    }

    [Fact]
    public void Search_FewerSequencesLeftThanCandidates_WaitsForThem()
    {
        TableModel model = TableModel.Random(5, 8, 3);
        List<int> alone = Run(model, Search(model, Prompt)).Tokens;
        var loop = new TestLoop(model.Model, sequences: 5);
        GenerationRequest[] others = [loop.Submit([2], 20), loop.Submit([3], 30)];
        loop.Engine.Step();
        GenerationRequest search = loop.Submit(Search(model, Prompt));
        for (int step = 0; step < 15; step++)
        {
            loop.Engine.Step();
            Assert.False(loop.Engine.Runs[2].IsAdmitted);
        }

        loop.RunToEnd();

        Assert.Equal(alone, TestLoop.Read(search).Tokens);
        Assert.Equal(loop.Expected([2], 20), TestLoop.Read(others[0]).Tokens);
        Assert.Equal(loop.Expected([3], 30), TestLoop.Read(others[1]).Tokens);
    }

    [Fact]
    public void Search_Cancelled_FreesAllSequences()
    {
        TableModel model = TableModel.Random(7, 8, 3);
        var loop = new TestLoop(model.Model, sequences: 4);
        GenerationRequest request = loop.Submit(Search(model, Prompt, maxTokens: 100));
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
    public void Search_Steps_AllocateNothingOfTheirOwn()
    {
        TableModel model = TableModel.Random(2, 12, 2);
        ContrastiveSearchStrategy search = Search(model, Prompt, maxTokens: 4000);
        int allocating = new BlankStep(12, hiddenSize: 8).CountAllocating(search);

        Assert.True(allocating < 20, $"{allocating} of 1000 steps allocated; only lists that outgrow their arrays may.");
    }

    private static ContrastiveSearchStrategy Search(
        TableModel model, int[] prompt, int topK = 4, double alpha = 0.6, int? maxTokens = 12, SequenceConstraint? constraint = null, params string[] stops) => new(
            new ContrastiveSearchOptions { TopK = topK, Alpha = alpha },
            new AnswerTokens(model.Vocabulary, model.Sampler(prompt, constraint: constraint), new StopSequences(stops), maxTokens),
            model.Model.Description.HiddenSize,
            new ContextLimits { Cells = 500, Sequences = 8, BatchTokens = 64, Outputs = 16, HiddenStateTokens = 16 });

    private static (List<int> Tokens, GenerationEnd End) Run(TableModel model, ContrastiveSearchStrategy search, int cells = 500)
    {
        var loop = new TestLoop(model.Model, sequences: 8, cells);
        GenerationRequest request = loop.Submit(search);
        loop.RunToEnd();
        (List<int> tokens, GenerationEnd? end) = TestLoop.Read(request);
        Assert.Null(end!.Error);
        Assert.Equal(0, model.Model.Faults.UsedCells);
        return (tokens, end);
    }

    /// <summary>The formula, straight from the model's functions.</summary>
    private static List<int> Naive(TableModel model, int topK, double alpha)
    {
        List<int> text = [.. Prompt];
        while (text.Count < Prompt.Length + 12)
        {
            int[] prefix = [.. text];
            int best = Enumerable.Range(0, model.Vocabulary.Count)
                .OrderByDescending(token => model.LogProbability(prefix, token))
                .Take(topK)
                .MaxBy(token => ((1 - alpha) * Math.Exp(model.LogProbability(prefix, token))) - (alpha * Penalty(prefix, token)));
            if (model.Vocabulary.IsEndOfGeneration(best))
            {
                break;
            }

            text.Add(best);
        }

        return [.. text.Skip(Prompt.Length)];

        double Penalty(int[] prefix, int token)
        {
            double[] own = Hidden(model, [.. prefix, token]);
            return Enumerable.Range(1, prefix.Length).Max(length => Cosine(own, Hidden(model, prefix[..length])));
        }
    }

    private static double[] Hidden(TableModel model, int[] prefix) =>
        [.. Enumerable.Range(0, model.Model.Description.HiddenSize).Select(i => (double)(float)Math.Sin(ScriptedContext.Hash(prefix) + i))];

    private static double Cosine(double[] a, double[] b) =>
        a.Zip(b, static (x, y) => x * y).Sum() / Math.Sqrt(a.Sum(static x => x * x) * b.Sum(static x => x * x));
}
