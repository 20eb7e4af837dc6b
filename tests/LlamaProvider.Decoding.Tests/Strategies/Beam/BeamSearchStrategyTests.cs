using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Phrases;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Stopping;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Strategies.Beam;
using LlamaProvider.Decoding.Tests.Scheduling;
using LlamaProvider.TestSupport.Sampling;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Strategies.Beam;

/// <summary>Laws of beam search, and how it lives with other requests.</summary>
public sealed class BeamSearchStrategyTests
{
    private static readonly int[] Prompt = [2, 3, 4];

    [Theory]
    [InlineData(BeamStopping.Heuristic, 1.0)]
    [InlineData(BeamStopping.Heuristic, 0.0)]
    [InlineData(BeamStopping.Early, 2.0)]
    public void Search_WidthOne_IsGreedy(BeamStopping stopping, double lengthPenalty)
    {
        for (ulong seed = 1; seed <= 40; seed++)
        {
            TableModel model = TableModel.Random(seed, 8, 3, 1);
            BeamSettings settings = Settings(1, maxTokens: 12) with { Stopping = stopping, LengthPenalty = lengthPenalty };

            List<int> tokens = model.Run(model.Search(settings, Prompt)).Tokens;

            Assert.Equal(new TestLoop(model.Model).ExpectedUntilEnd(Prompt, 12), tokens);
        }
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(-1.0)]
    public void Search_AsWideAsTheSpace_FindsTheBestOfAllTexts(double lengthPenalty)
    {
        const int Longest = 3;
        for (ulong seed = 1; seed <= 10; seed++)
        {
            TableModel model = TableModel.Random(seed, 5, 2, 0);
            BeamSettings settings = Settings(64, Longest) with { LengthPenalty = lengthPenalty, Stopping = BeamStopping.Exhaustive };

            BeamHypothesis found = model.Run(model.Search(settings, Prompt)).Search.Results[0];

            (double score, int[] tokens) = AllTexts(model, settings, Longest).MaxBy(static text => text.Score);
            Assert.Equal(score, found.Score, 1e-5);
            Assert.Equal(tokens, found.Tokens);
        }
    }

    [Fact]
    public void Search_AnyWidth_ReportsEachTokensLogProbability()
    {
        TableModel model = TableModel.Random(3, 8, 3, 1);
        IReadOnlyList<BeamHypothesis> results = model.Run(model.Search(Settings(4, maxTokens: 10), Prompt)).Search.Results;

        Assert.Equal(4, results.Count);
        Assert.Equal(results.OrderByDescending(static text => text.Score), results);
        foreach (BeamHypothesis text in results)
        {
            int[] whole = text.End == GenerationEnd.EndOfGeneration ? [.. text.Tokens, 1] : text.Tokens;
            Assert.Equal(whole.Length, text.LogProbabilities.Length);
            for (int i = 0; i < whole.Length; i++)
            {
                Assert.Equal(model.LogProbability([.. Prompt, .. whole[..i]], whole[i]), text.LogProbabilities[i], 1e-5);
            }

            Assert.Equal(text.LogProbabilities.Average(), text.Score, 1e-5);
        }
    }

    [Fact]
    public void Search_BesideEightRequests_FindsTheSame()
    {
        TableModel model = TableModel.Random(5, 8, 3, 1);
        BeamSearchStrategy alone = model.Run(model.Search(Settings(4, maxTokens: 10), Prompt)).Search;
        var loop = new TestLoop(model.Model, sequences: 12);
        GenerationRequest[] others = [.. Enumerable.Range(0, 8).Select(i => loop.Submit([2, 3, i], 12))];
        BeamSearchStrategy beside = model.Search(Settings(4, maxTokens: 10), Prompt);
        loop.Submit(beside);

        loop.RunToEnd();

        AssertSame(alone.Results, beside.Results);
        Assert.All(others, (request, i) => Assert.Equal(loop.ExpectedUntilEnd([2, 3, i], 12), TestLoop.Read(request).Tokens));
        Assert.Contains(model.Model.Faults.BatchSizes, size => size > 8);
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(1, 8)]
    [InlineData(2, 3)]
    [InlineData(2, 8)]
    public void Search_SequencesTakenAway_FindsTheSame(int groups, int step)
    {
        TableModel model = TableModel.Random(7, 8, 3, 1);
        BeamSettings settings = Settings(4, maxTokens: 12) with { Groups = groups, DiversityPenalty = 0.5f, LengthPenalty = 3 };
        BeamSearchStrategy alone = model.Run(model.Search(settings, Prompt)).Search;
        var loop = new TestLoop(model.Model, sequences: 5);
        BeamSearchStrategy search = model.Search(settings, Prompt);
        GenerationRequest request = loop.Submit(search);
        for (int i = 0; i < step; i++)
        {
            loop.Engine.Step();
        }

        loop.Engine.Runs[0].Preempt();
        Assert.Equal(0, loop.Engine.Context.CountCells([0, 1, 2, 3]));
        loop.RunToEnd();

        AssertSame(alone.Results, search.Results);
        Assert.Equal(search.Results[0].Tokens, TestLoop.Read(request).Tokens);
    }

    [Fact]
    public void Search_TooFewCellsForAll_IsPreemptedAndFindsTheSame()
    {
        TableModel model = TableModel.Random(7, 8, 3);
        int[] prompt = [.. Enumerable.Repeat(3, 20)];
        BeamSearchStrategy alone = model.Run(model.Search(Settings(4, maxTokens: 10), prompt)).Search;
        var loop = new TestLoop(model.Model, sequences: 5, cells: 64);
        GenerationRequest first = loop.Submit([2], 60);
        BeamSearchStrategy search = model.Search(Settings(4, maxTokens: 10), prompt);
        for (int step = 0; step < 20; step++)
        {
            loop.Engine.Step();
        }

        loop.Submit(search);
        loop.RunToEnd();

        Assert.True(loop.SawPreemption, "Nothing was preempted, so this proves nothing.");
        AssertSame(alone.Results, search.Results);
        Assert.Equal(loop.Expected([2], 60), TestLoop.Read(first).Tokens);
    }

    [Fact]
    public void Search_ContextFull_EndsThereWithWhatItHas()
    {
        TableModel model = TableModel.Random(7, 8, 3);
        (BeamSearchStrategy search, List<int> tokens, GenerationEnd end) = model.Run(model.Search(Settings(4, maxTokens: null), Prompt), cells: 20);

        Assert.Equal(GenerationEndReason.ContextLimit, end.Reason);
        Assert.Equal(4, search.Results.Count);
        Assert.Equal(search.Results[0].Tokens, tokens);
        Assert.InRange(tokens.Count, 4, 17);
    }

    [Fact]
    public void Search_Cancelled_FreesAllSequences()
    {
        TableModel model = TableModel.Random(7, 8, 3);
        var loop = new TestLoop(model.Model, sequences: 4);
        GenerationRequest request = loop.Submit(model.Search(Settings(4, maxTokens: 100), Prompt));
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
    public void Search_Running_SharesWhatTextsHaveInCommon()
    {
        int[] prompt = [.. Enumerable.Repeat(3, 100)];
        TableModel model = TableModel.Random(7, 8, 3);
        var loop = new TestLoop(model.Model, sequences: 4, batchTokens: 128);
        loop.Submit(model.Search(Settings(4, maxTokens: 100), prompt));
        for (int step = 0; step < 30; step++)
        {
            loop.Engine.Step();
        }

        Assert.InRange(model.Model.Faults.UsedCells, 100, 100 + (4 * 30));
        Assert.All(model.Model.Faults.BatchSizes.Skip(3), size => Assert.Equal(4, size));
    }

    [Fact]
    public void Search_AllTextsBeginAlike_EmitsThatBeforeTheEnd()
    {
        // Token 5 is nearly certain for the first tokens, so all beams soon agree on it.
        var vocabulary = ScriptedVocabulary.Bytes();
        var model = new ScriptedModel(vocabulary, (prefix, logits) =>
        {
            logits.Clear();
            logits[prefix.Length < 8 ? 50 : 60 + (prefix.Length % 3)] = 30;
        });
        var search = new BeamSearchStrategy(
            Settings(3, maxTokens: 20), vocabulary, TestSamplers.Greedy(vocabulary, [50, 50]), new StopSequences([]));
        var loop = new TestLoop(model, sequences: 3);
        GenerationRequest request = loop.Submit(search);
        for (int step = 0; step < 12; step++)
        {
            loop.Engine.Step();
        }

        (List<int> early, GenerationEnd? end) = TestLoop.Read(request);
        loop.RunToEnd();
        List<int> rest = TestLoop.Read(request).Tokens;

        Assert.Null(end);
        Assert.NotEmpty(early);
        Assert.Equal(search.Results[0].Tokens, early.Concat(rest));
    }

    [Fact]
    public void Search_StopSequence_EndsATextThere()
    {
        int stopped = 0;
        for (ulong seed = 1; seed <= 10; seed++)
        {
            TableModel model = TableModel.Random(seed, 6, 2);
            BeamSettings settings = Settings(3, maxTokens: 30) with { Stopping = BeamStopping.Early };

            (BeamSearchStrategy search, List<int> tokens, GenerationEnd end) = model.Run(model.Search(settings, Prompt, stops: "de"));

            stopped += end == GenerationEnd.StopSequence ? 1 : 0;
            Assert.Equal(search.Results[0].Tokens, tokens);
            Assert.All(search.Results, text => Assert.Equal(text.End == GenerationEnd.StopSequence ? text.Tokens.Length - 2 : -1, model.Vocabulary.GetText(text.Tokens).IndexOf("de", StringComparison.Ordinal)));
        }

        Assert.InRange(stopped, 3, 10);
    }

    [Fact]
    public void Search_RequiredPhrase_IsInEveryText()
    {
        for (ulong seed = 1; seed <= 10; seed++)
        {
            TableModel model = TableModel.Random(seed, 8, 3, 1);
            var constraint = new SequenceConstraint("phrases", ConstraintFactory.Compile(
                new ConstraintVocabulary(model.Vocabulary), required: new PhraseOptions { Phrases = ["hgc", "ff"] }).CreateMatcher(12));

            IReadOnlyList<BeamHypothesis> results = model.Run(model.Search(Settings(4, maxTokens: 12), Prompt, constraint: constraint)).Search.Results;

            Assert.Equal(4, results.Count);
            Assert.All(results, text => Assert.Matches("hgc", model.Vocabulary.GetText(text.Tokens)));
            Assert.All(results, text => Assert.Matches("ff", model.Vocabulary.GetText(text.Tokens)));
        }
    }

    [Fact]
    public void Search_Drawn_DrawsTextsByTheirProbabilities()
    {
        const int Draws = 4000;
        TableModel model = TableModel.Random(2, 5, 1, 0);
        SamplerPipeline pipeline = new([]);
        int[] counts = new int[5];
        for (ulong seed = 1; seed <= Draws; seed++)
        {
            // One beam of one token: of two tokens drawn without replacement the better one.
            BeamSettings settings = Settings(1, maxTokens: 1) with { Seed = seed };
            BeamHypothesis text = model.Run(model.Search(settings, Prompt, pipeline)).Search.Results[0];
            counts[text.Tokens.Length == 0 ? 0 : text.Tokens[0]]++;
        }

        double[] p = [.. Enumerable.Range(0, 5).Select(token => Math.Exp(model.LogProbability(Prompt, token)))];
        double chi = 0;
        for (int token = 0; token < 5; token++)
        {
            double expected = Draws * Enumerable.Range(0, 5).Where(other => p[other] < p[token]).Sum(other => (p[token] * p[other] / (1 - p[token])) + (p[other] * p[token] / (1 - p[other])));
            chi += expected > 0 ? (counts[token] - expected) * (counts[token] - expected) / expected : counts[token];
        }

        Assert.True(chi < 18.5, $"Chi-square is {chi} with 3 degrees of freedom."); // 99.97 %
    }

    [Fact]
    public void Search_SameSeed_DrawsTheSame()
    {
        TableModel model = TableModel.Random(2, 12, 2, 0);
        BeamSettings settings = Settings(4, maxTokens: 10) with { Seed = 5 };

        IReadOnlyList<BeamHypothesis> first = model.Run(model.Search(settings, Prompt)).Search.Results;

        AssertSame(first, model.Run(model.Search(settings, Prompt)).Search.Results);
        Assert.NotEqual(first[0].Tokens, model.Run(model.Search(settings with { Seed = 6 }, Prompt)).Search.Results[0].Tokens);
    }

    [Fact]
    public void Search_Steps_AllocateNothingOfTheirOwn()
    {
        TableModel model = TableModel.Random(2, 12, 2);
        BeamSearchStrategy search = model.Search(Settings(4, maxTokens: 4000), Prompt);
        int allocating = new BlankStep(12).CountAllocating(search);

        Assert.True(allocating < 50, $"{allocating} of 1000 steps allocated; only lists that outgrow their arrays may.");
    }

    private static BeamSettings Settings(int width, int? maxTokens) => new() { Width = width, Results = width, MaxTokens = maxTokens, LongestText = maxTokens ?? 500 };

    private static void AssertSame(IReadOnlyList<BeamHypothesis> expected, IReadOnlyList<BeamHypothesis> actual)
    {
        Assert.Equal(expected.Select(static text => text.Score), actual.Select(static text => text.Score));
        Assert.Equal(expected.Select(static text => text.Tokens), actual.Select(static text => text.Tokens));
    }

    /// <summary>Every text up to a length, those that the model ends and those that the length cuts.</summary>
    private static IEnumerable<(double Score, int[] Tokens)> AllTexts(TableModel model, BeamSettings settings, int longest)
    {
        var open = new Queue<(double Sum, int[] Tokens)>([(0, [])]);
        while (open.TryDequeue(out (double Sum, int[] Tokens) text))
        {
            int length = text.Tokens.Length + 1;
            for (int token = 0; token < model.Vocabulary.Count; token++)
            {
                double sum = text.Sum + model.LogProbability([.. Prompt, .. text.Tokens], token);
                int[] longer = token == 0 ? text.Tokens : [.. text.Tokens, token];
                if (token == 0 || length == longest)
                {
                    yield return (settings.Score(sum, length), longer);
                }
                else
                {
                    open.Enqueue((sum, longer));
                }
            }
        }
    }
}
