using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Stopping;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Strategies.Guidance;
using LlamaProvider.Decoding.Tests.Scheduling;
using LlamaProvider.Decoding.Tests.Strategies.Beam;

namespace LlamaProvider.Decoding.Tests.Strategies.Guidance;

public sealed class GuidedStrategyTests
{
    private static readonly int[] Prompt = [2, 3, 4];
    private static readonly int[] Negative = [5, 6];

    [Theory]
    [InlineData(1.0)]
    [InlineData(1.5)]
    [InlineData(4.0)]
    public void Negative_Greedy_FollowsTheFormula(double scale)
    {
        int unlikePlain = 0;
        for (ulong seed = 1; seed <= 20; seed++)
        {
            TableModel model = TableModel.Random(seed, 8, 3, 1);

            List<int> tokens = Run(model, Guided(model, new NegativeText(Negative, scale, 8))).Tokens;

            Assert.Equal(Naive(model, scale), tokens);
            unlikePlain += tokens.SequenceEqual(new TestLoop(model.Model).ExpectedUntilEnd(Prompt, 12)) ? 0 : 1;
        }

        Assert.True(scale == 1 ? unlikePlain == 0 : unlikePlain > 5, $"{unlikePlain} of 20 answers are not plain ones.");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Negative_SequencesTakenAway_SaysTheSame(int step)
    {
        TableModel model = TableModel.Random(4, 8, 3);
        List<int> alone = Run(model, Guided(model, new NegativeText(Negative, 2, 8))).Tokens;
        var loop = new TestLoop(model.Model);
        GenerationRequest request = loop.Submit(Guided(model, new NegativeText(Negative, 2, 8)));
        for (int i = 0; i < step; i++)
        {
            loop.Engine.Step();
        }

        loop.Engine.Runs[0].Preempt();
        loop.RunToEnd();

        Assert.Equal(alone, TestLoop.Read(request).Tokens);
    }

    [Fact]
    public void Negative_BesideOthers_TakesTwoTokensOfTheBatch()
    {
        TableModel model = TableModel.Random(5, 8, 3);
        var loop = new TestLoop(model.Model, sequences: 6);
        GenerationRequest[] others = [.. Enumerable.Range(0, 3).Select(i => loop.Submit([2, 3, i], 20))];
        GenerationRequest request = loop.Submit(Guided(model, new NegativeText(Negative, 2, 8), maxTokens: 20));
        loop.RunToEnd();

        Assert.Equal(20, TestLoop.Read(request).Tokens.Count);
        Assert.Contains(5, model.Model.Faults.BatchSizes);
        Assert.All(others, (other, i) => Assert.Equal(loop.Expected([2, 3, i], 20), TestLoop.Read(other).Tokens));
    }

    [Fact]
    public void Combine_BlockedByEither_IsNoCandidate()
    {
        float[] row = new float[4];
        GuidanceFormula.Combine([0, 1, float.NegativeInfinity, 2], 0, [0, float.NegativeInfinity, 1, 1], 0, 2, row);

        Assert.Equal(0, row[0]);
        Assert.False(float.IsFinite(row[1]));
        Assert.False(float.IsFinite(row[2]));
        Assert.Equal(3, row[3]);
    }

    [Fact]
    public void Guide_ForbidsAToken_NeverSaysIt()
    {
        TableModel model = TableModel.Random(6, 8, 3);
        List<int> plain = [.. new TestLoop(model.Model).Expected(Prompt, 12)];
        int forbidden = plain[2];

        List<int> tokens = Run(model, Guided(model, guide: new Guide((request, i) => request.Continuations[i].Token == forbidden ? float.NegativeInfinity : 0))).Tokens;

        Assert.Equal(plain[..2], tokens[..2]);
        Assert.DoesNotContain(forbidden, tokens);
    }

    [Fact]
    public void Guide_Drawn_IsDistributedAsTheProductOfBoth()
    {
        const int Draws = 3000;
        TableModel model = TableModel.Random(2, 6, 1);
        double[] attribute = [0.9, 0.1, 0.5, 0.3, 0.8, 0.2];
        int[] counts = new int[6];
        for (ulong seed = 1; seed <= Draws; seed++)
        {
            var guide = new Guide((request, i) => (float)Math.Log(attribute[request.Continuations[i].Token]));
            counts[Run(model, Guided(model, guide: guide, maxTokens: 1, pipeline: new SamplerPipeline([]), seed: seed, topK: 6)).Tokens[0]]++;
        }

        double[] joint = [.. attribute.Select((p, token) => p * Math.Exp(model.LogProbability(Prompt, token)))];
        double chi = counts.Select((count, token) => Math.Pow(count - (Draws * joint[token] / joint.Sum()), 2) / (Draws * joint[token] / joint.Sum())).Sum();
        Assert.True(chi < 22.7, $"Chi-square is {chi} with 5 degrees of freedom."); // 99.96 %
    }

    [Fact]
    public void Guide_TopK_WeighsTheMostProbableAndDropsTheRest()
    {
        TableModel model = TableModel.Random(6, 8, 3);
        var seen = new List<TokenGuideRequest>();
        Run(model, Guided(model, guide: new Guide((request, i) =>
        {
            if (i == 0)
            {
                seen.Add(request);
            }

            return 0;
        }), topK: 3));

        Assert.Equal(12, seen.Count);
        Assert.All(seen, request => Assert.Equal(3, request.Continuations.Count));
        Assert.Equal(
            Enumerable.Range(0, 8).OrderByDescending(token => model.LogProbability(Prompt, token)).Take(3).Order(), seen[0].Continuations.Select(continuation => continuation.Token));
        Assert.All(seen[0].Continuations, continuation => Assert.Equal(model.LogProbability(Prompt, continuation.Token), continuation.LogProbability, 1e-5));
    }

    [Fact]
    public void Guide_SeesTheAnswerAndWhatEachTokenAdds()
    {
        TableModel model = TableModel.Random(6, 8, 3, 1);
        var texts = new List<string>();
        (List<int> tokens, _) = Run(model, Guided(model, guide: new Guide((request, i) =>
        {
            TokenContinuation continuation = request.Continuations[i];
            Assert.Equal(continuation.IsEnd ? "" : ((char)('a' + continuation.Token)).ToString(), continuation.Added);
            Assert.Equal(request.Text + continuation.Added, request.TextWith(continuation));
            if (i == 0)
            {
                texts.Add(request.Text);
            }

            return 0;
        })));

        string answer = model.Vocabulary.GetText([.. tokens]);
        Assert.Equal(Enumerable.Range(0, texts.Count).Select(length => answer[..length]), texts);
    }

    [Fact]
    public void Guide_OneLegalToken_IsNotAsked()
    {
        TableModel model = TableModel.Random(6, 8, 3);
        int asked = 0;
        var answer = new AnswerTokens(model.Vocabulary, model.Sampler(Prompt, constraint: OneToken.Constraint(3)), new StopSequences([]), 5);

        List<int> tokens = Run(model, new GuidedStrategy(answer, null, Reweighting(model, new Guide((_, _) => asked++)))).Tokens;

        Assert.Equal([3, 3, 3, 3, 3], tokens);
        Assert.Equal(0, asked);
    }

    [Fact]
    public void Guide_Throws_FailsItsRequestAlone()
    {
        TableModel model = TableModel.Random(6, 8, 3);
        var loop = new TestLoop(model.Model);
        GenerationRequest failing = loop.Submit(Guided(model, guide: new Guide((_, _) => throw new InvalidTimeZoneException("scripted fault"))));
        GenerationRequest other = loop.Submit([2], 12);

        RunToEnd(loop);

        var error = Assert.IsType<TokenGuideException>(TestLoop.Read(failing).End!.Error);
        Assert.Equal("The token guide 'test' failed: scripted fault Mend the guide, or leave it out.", error.Message);
        Assert.IsType<InvalidTimeZoneException>(error.InnerException);
        Assert.Equal("test", error.Guide);
        Assert.Equal(loop.Expected([2], 12), TestLoop.Read(other).Tokens);
    }

    [Theory]
    [InlineData(float.NaN, "The token guide 'test' gave NaN for token 0, but a log-probability is a number or −∞. Mend the guide, or leave it out.")]
    [InlineData(float.PositiveInfinity, "The token guide 'test' gave Infinity for token 0, but a log-probability is a number or −∞. Mend the guide, or leave it out.")]
    [InlineData(float.NegativeInfinity, "The token guide 'test' forbids all of the 8 most probable tokens. Have it allow one, or raise its top_k.")]
    public void Guide_GivesWhatIsNone_FailsSayingSo(float value, string message)
    {
        TableModel model = TableModel.Random(6, 8, 3);
        var loop = new TestLoop(model.Model);
        GenerationRequest request = loop.Submit(Guided(model, guide: new Guide((_, _) => value)));

        RunToEnd(loop);

        Assert.Equal(message, TestLoop.Read(request).End!.Error!.Message);
    }

    [Fact]
    public void Guide_TakesItsTime_OthersGoOn()
    {
        TableModel model = TableModel.Random(6, 8, 3);
        var loop = new TestLoop(model.Model);
        var gate = new TaskCompletionSource();
        GenerationRequest guided = loop.Submit(Guided(model, guide: new Guide((_, _) => 0, gate.Task)));
        GenerationRequest other = loop.Submit([2], 12);
        while (TestLoop.Read(other) is { End: null })
        {
            Assert.True(loop.Engine.Step());
        }

        Assert.False(loop.Engine.Step(), "There was a step for a request that waits.");
        Assert.Null(TestLoop.Read(guided).End);
        gate.SetResult();
        RunToEnd(loop);

        Assert.Equal(loop.Expected(Prompt, 12), TestLoop.Read(guided).Tokens);
    }

    [Fact]
    public void Guide_ContextFull_ForgetsAsPlainSamplingDoes()
    {
        TableModel model = TableModel.Random(6, 8, 3);
        var plain = new TestLoop(model.Model, cells: 20);
        GenerationRequest expected = plain.Submit(Prompt, 40, kept: 2);
        plain.RunToEnd();
        var loop = new TestLoop(model.Model, cells: 20);
        var answer = new AnswerTokens(model.Vocabulary, model.Sampler(Prompt), new StopSequences([]), 40, keptTokens: 2);
        GenerationRequest guided = loop.Submit(new GuidedStrategy(answer, null, Reweighting(model, new Guide((_, _) => 0))));

        RunToEnd(loop);

        List<int> tokens = TestLoop.Read(guided).Tokens;
        Assert.Equal(40, tokens.Count);
        Assert.Equal(TestLoop.Read(expected).Tokens, tokens);
    }

    [Fact]
    public void Guide_Cancelled_IsToldAndFreesAll()
    {
        TableModel model = TableModel.Random(6, 8, 3);
        var loop = new TestLoop(model.Model);
        var guide = new Guide((_, _) => 0, new TaskCompletionSource().Task);
        GenerationRequest request = loop.Submit(Guided(model, guide: guide));
        loop.Engine.Step();

        request.Cancel();
        loop.Engine.Step();

        Assert.Equal(GenerationEndReason.Cancelled, TestLoop.Read(request).End!.Reason);
        Assert.Equal(0, model.Model.Faults.UsedCells);
        Assert.True(guide.Started.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.True(guide.Token.IsCancellationRequested);
    }

    /// <summary>A guide may wait for another request of its engine, such as an embedding, that no sequence is left for.</summary>
    [Fact]
    public void Guide_WaitsForARequestThatHasNoSequence_GivesItsOwnUp()
    {
        TableModel model = TableModel.Random(6, 8, 3);
        var loop = new TestLoop(model.Model, sequences: 1);
        var gate = new TaskCompletionSource();
        GenerationRequest guided = loop.Submit(Guided(model, guide: new Guide((_, _) => 0, gate.Task)));
        loop.Engine.Step();
        GenerationRequest awaited = loop.Submit([2], 5);
        for (int step = 0; step < 10; step++)
        {
            loop.Engine.Step();
        }

        Assert.Equal(loop.Expected([2], 5), TestLoop.Read(awaited).Tokens);
        gate.SetResult();
        RunToEnd(loop);

        Assert.Equal(loop.Expected(Prompt, 12), TestLoop.Read(guided).Tokens);
        Assert.True(loop.SawPreemption);
    }

    [Fact]
    public void GuideAndNegative_Together_BothCount()
    {
        TableModel model = TableModel.Random(6, 8, 3);
        List<int> negativeOnly = Run(model, Guided(model, new NegativeText(Negative, 3, 8))).Tokens;
        int forbidden = negativeOnly[0];

        List<int> both = Run(model, Guided(
            model, new NegativeText(Negative, 3, 8), new Guide((request, i) => request.Continuations[i].Token == forbidden ? float.NegativeInfinity : 0))).Tokens;

        Assert.DoesNotContain(forbidden, both);
        Assert.Equal(Naive(model, 3, forbidden), both);
    }

    private static GuidedStrategy Guided(
        TableModel model, NegativeText? negative = null, ITokenGuide? guide = null, int maxTokens = 12, SamplerPipeline? pipeline = null, ulong seed = 1, int topK = 8) => new(
            new AnswerTokens(model.Vocabulary, model.Sampler(Prompt, pipeline).ForkWithSeed(seed), new StopSequences([]), maxTokens),
            negative,
            guide is null ? null : Reweighting(model, guide, topK));

    private static TokenReweighting Reweighting(TableModel model, ITokenGuide guide, int topK = 8) => new("test", guide, strength: 1, topK, model.Vocabulary);

    private static (List<int> Tokens, GenerationEnd End) Run(TableModel model, GuidedStrategy strategy)
    {
        var loop = new TestLoop(model.Model);
        GenerationRequest request = loop.Submit(strategy);
        RunToEnd(loop);
        (List<int> tokens, GenerationEnd? end) = TestLoop.Read(request);
        Assert.Null(end!.Error);
        Assert.Equal(0, model.Model.Faults.UsedCells);
        return (tokens, end);
    }

    /// <summary>A guide works on other threads, so a loop without a thread of its own asks again until it is done.</summary>
    private static void RunToEnd(TestLoop loop) =>
        Assert.True(SpinWait.SpinUntil(() => !loop.Engine.Step() && loop.Engine.IsEmpty, TimeSpan.FromSeconds(60)), "The loop does not end.");

    private static List<int> Naive(TableModel model, double scale, int forbidden = -1)
    {
        var answer = new List<int>();
        while (answer.Count < 12)
        {
            int best = Enumerable.Range(0, model.Vocabulary.Count).Where(token => token != forbidden).MaxBy(token =>
            {
                double negative = model.LogProbability([.. Negative, .. answer], token);
                return negative + (scale * (model.LogProbability([.. Prompt, .. answer], token) - negative));
            });
            if (model.Vocabulary.IsEndOfGeneration(best))
            {
                break;
            }

            answer.Add(best);
        }

        return answer;
    }

    private sealed class Guide(Func<TokenGuideRequest, int, float> weigh, Task? gate = null) : ITokenGuide
    {
        public ManualResetEventSlim Started { get; } = new();

        public CancellationToken Token { get; private set; }

        public async ValueTask GuideAsync(TokenGuideRequest request, Memory<float> logProbabilities, CancellationToken cancellationToken)
        {
            Token = cancellationToken;
            Started.Set();
            await (gate ?? Task.CompletedTask).ConfigureAwait(false);
            for (int i = 0; i < request.Continuations.Count; i++)
            {
                logProbabilities.Span[i] = weigh(request, i);
            }
        }
    }
}
