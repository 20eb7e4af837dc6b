using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Stopping;
using LlamaProvider.Decoding.Strategies;
using LlamaProvider.Decoding.Strategies.Beam;
using LlamaProvider.Decoding.Strategies.Contrastive;
using LlamaProvider.Decoding.Strategies.Guidance;
using LlamaProvider.Decoding.Tests.Scheduling;
using LlamaProvider.Decoding.Tests.Strategies.Beam;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Decoding.Tracing.Recording;

namespace LlamaProvider.Decoding.Tests.Tracing;

/// <summary>Laws of recorded searches and guidance.</summary>
public sealed class SearchTraceTests
{
    private static readonly int[] Prompt = [2, 3, 4];

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 1)]
    [InlineData(6, 3)]
    public void Beams_AnySearch_LeavesAreTheNBestAndPathsTheirTokens(int width, int groups)
    {
        for (ulong seed = 1; seed <= 10; seed++)
        {
            TableModel model = TableModel.Random(seed, 8, 3, 1);
            TokenSampler sampler = model.Sampler(Prompt);
            TraceLog log = sampler.Record(model.Vocabulary);
            var settings = new BeamSettings { Width = width, Groups = groups, DiversityPenalty = groups > 1 ? 0.7f : 0, Results = width, MaxTokens = 10, LongestText = 10 };
            BeamSearchStrategy search = model.Run(new BeamSearchStrategy(settings, model.Vocabulary, sampler, new StopSequences([]))).Search;

            BeamNode[] nodes = [.. log.Steps.OfType<BeamStep>().SelectMany(static step => step.Nodes)];
            var byId = nodes.ToDictionary(static node => node.Id);
            var result = Assert.IsType<BeamResultStep>(log.Steps[^1]);
            Assert.Equal(search.Results.Select(static text => text.Score), result.Leaves.Select(static leaf => leaf.Score));
            Assert.All(result.Leaves, (leaf, i) =>
            {
                Assert.Equal(BeamOutcome.Finished, byId[leaf.Node].Outcome);
                BeamNode[] path = PathTo(leaf.Node, byId);
                BeamHypothesis text = search.Results[i];
                Assert.Equal(text.Tokens, path.Select(static node => node.Token).Take(text.Tokens.Length));
                Assert.Equal(text.LogProbabilities, path.Select(static node => node.LogProbability));
                Assert.Equal(text.Score, path[^1].Score / path.Length, 1e-5);
                Assert.Equal(path[^1].Score, path.Sum(static node => node.LogProbability - node.DiversityPenalty), 1e-4);
            });
            Assert.All(nodes, node => Assert.True(node.Parent == 0 || byId[node.Parent].Outcome == BeamOutcome.Kept));
            foreach (BeamStep step in log.Steps.OfType<BeamStep>())
            {
                Assert.True(step.Nodes.Count(static node => node.Outcome == BeamOutcome.Kept) <= width / groups);
                Assert.Equal(0, step.Omitted);
            }

            Assert.True(groups == 1 || nodes.Any(static node => node.DiversityPenalty > 0));
        }
    }

    [Fact]
    public void Beams_SmallTop_CountsWhatIsLeftOut()
    {
        TableModel model = TableModel.Random(1, 8, 3);
        TokenSampler sampler = model.Sampler(Prompt);
        TraceLog log = sampler.Record(model.Vocabulary, top: 1);
        var settings = new BeamSettings { Width = 3, Results = 3, MaxTokens = 4, LongestText = 4 };
        model.Run(new BeamSearchStrategy(settings, model.Vocabulary, sampler, new StopSequences([])));

        BeamStep second = log.Steps.OfType<BeamStep>().ElementAt(1);
        Assert.Equal(4, second.Nodes.Count);
        Assert.Equal(2, second.Omitted);
    }

    [Fact]
    public void Contrastive_EveryStep_ChoseTheHighestScoreOfTheFormula()
    {
        TableModel model = TableModel.Random(3, 8, 3, spread: 0.5f, [1]);
        TokenSampler sampler = model.Sampler(Prompt);
        TraceLog log = sampler.Record(model.Vocabulary);
        var answer = new AnswerTokens(model.Vocabulary, sampler, new StopSequences([]), 12);
        var loop = new TestLoop(model.Model, sequences: 4);
        GenerationRequest request = loop.Submit(
            new ContrastiveSearchStrategy(new ContrastiveSearchOptions { TopK = 4, Alpha = 0.6 }, answer, model.Model.Description.HiddenSize, loop.Engine.Context.Limits), trace: log);
        loop.RunToEnd();

        ContrastiveStep[] steps = [.. log.Steps.Cast<ContrastiveStep>()];
        Assert.Equal(TestLoop.Read(request).Tokens, steps.Where(static step => !step.IsEnd).Select(static step => step.Candidates[step.Chosen].Token));
        Assert.All(steps, static (step, i) =>
        {
            Assert.Equal(i, step.Position);
            Assert.Equal(4, step.Candidates.Count);
            Assert.Equal(step.Candidates.Max(static candidate => candidate.Score), step.Candidates[step.Chosen].Score);
            Assert.All(step.Candidates, static candidate => Assert.Equal((0.4 * candidate.Probability) - (0.6 * candidate.Similarity), candidate.Score, 1e-6));
        });
    }

    [Fact]
    public void NegativePrompt_EveryStep_FollowsTheFormulaAndPrecedesTheChoice()
    {
        TableModel model = TableModel.Random(4, 8, 3);
        (TraceLog log, List<int> tokens) = Guide(model, new NegativeText([5, 6], 2, 8), null);

        Assert.Equal(tokens, log.Answer());
        NegativePromptStep[] steps = [.. log.Steps.OfType<NegativePromptStep>()];
        Assert.Equal(tokens.Count, steps.Length);
        Assert.All(steps, (step, i) =>
        {
            double[] guided = [.. step.Tokens.Select(static token => Math.Pow(token.Conditional, 2) / token.Negative)];
            Assert.Equal(8, step.Tokens.Count);
            Assert.All(step.Tokens, (token, k) => Assert.Equal(guided[k] / guided.Sum(), token.Guided, 1e-4));
            Assert.Equal(model.LogProbability([.. Prompt, .. tokens[..i]], step.Tokens[0].Token), Math.Log(step.Tokens[0].Conditional), 1e-4);
            var choice = Assert.IsType<TokenStep>(log.Steps[log.Steps.ToList().IndexOf(step) + 1]);
            Assert.Equal(step.Position, choice.Position);
            Assert.Equal(step.Tokens[0].Token, choice.Token.Id);
        });
    }

    [Fact]
    public void TokenGuide_EveryStep_HasWeightsAndWhatTheyDid()
    {
        TableModel model = TableModel.Random(4, 8, 3);
        var guide = new TokenReweighting("mine", new EvenTokens(), 2, 4, model.Vocabulary);
        (TraceLog log, List<int> tokens) = Guide(model, null, guide);

        TokenGuideStep[] steps = [.. log.Steps.OfType<TokenGuideStep>()];
        Assert.Equal(tokens.Count, steps.Length);
        Assert.All(steps, static step =>
        {
            Assert.Equal(("mine", 2.0, 4), (step.Guide, step.Strength, step.Tokens.Count));
            double[] weighed = [.. step.Tokens.Select(static token => token.Probability * Math.Exp(2 * token.Weight))];
            Assert.All(step.Tokens, (token, k) => Assert.Equal(weighed[k] / weighed.Sum(), token.Weighed, 1e-4));
            Assert.All(step.Tokens, static token => Assert.Equal(token.Token % 2 == 0 ? 0 : -1, token.Weight, 1e-6));
        });
        Assert.Equal(tokens, log.Answer());
    }

    private static BeamNode[] PathTo(int leaf, Dictionary<int, BeamNode> nodes)
    {
        var path = new List<BeamNode>();
        for (int node = leaf; node != 0; node = nodes[node].Parent)
        {
            path.Insert(0, nodes[node]);
        }

        return [.. path];
    }

    private static (TraceLog Log, List<int> Tokens) Guide(TableModel model, NegativeText? negative, TokenReweighting? guide)
    {
        TokenSampler sampler = model.Sampler(Prompt);
        TraceLog log = sampler.Record(model.Vocabulary);
        var answer = new AnswerTokens(model.Vocabulary, sampler, new StopSequences([]), 8);
        var loop = new TestLoop(model.Model);
        GenerationRequest request = loop.Submit(new GuidedStrategy(answer, negative, guide), trace: log);
        // A guide works on other threads, so the loop asks again until it is done.
        Assert.True(SpinWait.SpinUntil(() => !loop.Engine.Step() && loop.Engine.IsEmpty, TimeSpan.FromSeconds(60)), "The loop does not end.");
        return (log, TestLoop.Read(request).Tokens);
    }

    private sealed class EvenTokens : ITokenGuide
    {
        public ValueTask GuideAsync(TokenGuideRequest request, Memory<float> logProbabilities, CancellationToken cancellationToken)
        {
            for (int i = 0; i < request.Continuations.Count; i++)
            {
                logProbabilities.Span[i] = request.Continuations[i].Token % 2 == 0 ? 0 : -1;
            }

            return ValueTask.CompletedTask;
        }
    }
}
