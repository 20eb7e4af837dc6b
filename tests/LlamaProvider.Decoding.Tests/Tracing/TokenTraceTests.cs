using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Sampling.Selection;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Decoding.Stopping;
using LlamaProvider.Decoding.Strategies.Sampling;
using LlamaProvider.Decoding.Tests.Scheduling;
using LlamaProvider.Decoding.Tests.Strategies.Beam;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Decoding.Tracing.Recording;
using LlamaProvider.TestSupport.Constraints;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Tracing;

/// <summary>Laws of the recorded choices.</summary>
public sealed class TokenTraceTests
{
    private static readonly int[] Prompt = [2, 3, 4];

    public static TheoryData<string, SamplerPipeline> Pipelines { get; } = new()
    {
        { "default", SamplerPipeline.Balanced },
        { "long", SamplerPipeline.Create(s => s.Penalties(1.2, 0.3, 0.2).Dry().TopNSigma(2).TopK(12).Typical(.95).TopP(.95).MinP(.02).Xtc(0.5, 0.1).Temperature(0.9)) },
        { "greedy", SamplerPipeline.Deterministic },
        { "hot", SamplerPipeline.Create(s => s.Temperature(1.5)) },
        { "dynamic", SamplerPipeline.Create(s => s.DynamicTemperature(1, 0.5).EtaCutoff(0.01).TopH(0.9)) },
        { "mirostat", SamplerPipeline.Create(s => s.Mirostat(2, 0.2, 10)) },
        { "mirostat 2", SamplerPipeline.Create(s => s.MirostatV2(2, 0.2)) },
        { "adaptive", SamplerPipeline.Create(s => s.AdaptiveP(0.4)) },
    };

    [Theory]
    [MemberData(nameof(Pipelines))]
    public void Choose_AnyPipeline_ProbabilitiesSumToOneAndCandidatesAddUp(string name, SamplerPipeline pipeline)
    {
        (TraceLog log, int[] answer) = Run(TableModel.Random(3, 40, 5), pipeline);

        Assert.Equal(answer, log.Answer());
        Assert.Equal(30, answer.Length);
        Assert.All(log.Steps.Cast<TokenStep>(), step =>
        {
            TraceDistribution before = step.Model!;
            AssertWhole(before, 40);
            Assert.Equal(pipeline.Stages.Select(static stage => stage.Name).Append(pipeline.Selector.Name), step.Stages!.Select(static stage => stage.Name));
            foreach (TraceStage stage in step.Stages!)
            {
                AssertWhole(stage.After, stage.After.Candidates);
                Assert.Equal(before.Candidates, stage.Removed + stage.After.Candidates - stage.Added);
                Assert.Equal(0, stage.Added);
                double lost = before.Top.Where(candidate => stage.After.Top.All(kept => kept.Token != candidate.Token)).Sum(static candidate => candidate.Probability);
                Assert.Equal(lost, stage.RemovedProbability, 1e-5);
                before = stage.After;
            }

            Assert.Same(step.Stages![^1].After, step.Final);
            Assert.Equal(step.Final.Top[step.Rank - 1], new TraceCandidate(step.Token.Id, step.Token.Text, step.Probability));
        });
        Assert.True(name is "greedy" or "hot" or "adaptive" || log.Steps.Cast<TokenStep>().Any(static step => step.Stages!.Any(static stage => stage.Removed > 0)), "Nothing was ever removed.");
    }

    [Theory]
    [MemberData(nameof(Pipelines))]
    public void Choose_Traced_ChoosesAsUntraced(string name, SamplerPipeline pipeline)
    {
        foreach (TraceLevel level in Enum.GetValues<TraceLevel>())
        {
            TableModel model = TableModel.Random(5, 30, 4);
            (_, int[] traced) = Run(model, pipeline, level);

            Assert.True(Run(model, pipeline, level: null).Answer.SequenceEqual(traced), name);
        }
    }

    [Fact]
    public void Choose_EveryStep_HasTheModelsOwnLogProbability()
    {
        TableModel model = TableModel.Random(2, 12, 3);
        (TraceLog log, int[] answer) = Run(model, SamplerPipeline.Create(s => s.TopK(3).Temperature(0.5)), TraceLevel.Tokens);

        Assert.All(log.Steps.Cast<TokenStep>(), (step, i) =>
        {
            int[] prefix = [.. Prompt, .. answer[..i]];
            double[] all = [.. Enumerable.Range(0, 12).Select(token => model.LogProbability(prefix, token))];
            Assert.Equal(all[step.Token.Id], step.LogProbability, 1e-5);
            Assert.Equal(1 + all.Count(other => other > all[step.Token.Id]), step.ModelRank);
            double[] tempered = [.. all.OrderDescending().Take(3).Select(static log => Math.Exp(2 * log))];
            Assert.Equal(-tempered.Sum(p => p / tempered.Sum() * Math.Log(p / tempered.Sum())), step.Final.Entropy, 1e-4);
            Assert.Equal(3, step.Final.Candidates);
            Assert.Null(step.Stages);
            Assert.Null(step.Model);
        });
    }

    [Fact]
    public void Choose_SmallTop_ShowsTheBestAndTheirRest()
    {
        (TraceLog log, _) = Run(TableModel.Random(2, 40, 3), SamplerPipeline.Create(s => s.Temperature(1)), top: 4);

        Assert.All(log.Steps.Cast<TokenStep>(), static step =>
        {
            Assert.Equal(4, step.Final.Top.Count);
            Assert.Equal(step.Final.Top.OrderByDescending(static candidate => candidate.Probability), step.Final.Top);
            Assert.True(step.Final.Rest > 0);
            Assert.Equal(1, step.Final.Top.Sum(static candidate => candidate.Probability) + step.Final.Rest, 1e-6);
        });
    }

    [Fact]
    public void Choose_Constrained_MaskIsTheMatchers()
    {
        var model = ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes("ab", "-c", "f-", "hello"));
        CompiledGrammar grammar = TestConstraints.Compile(model.Vocabulary, "(?:[a-f]{2}-){4}[a-f]{2}zq");
        TokenSampler sampler = Sampler(model.Vocabulary, SamplerPipeline.Balanced, new SequenceConstraint("pattern", grammar.CreateMatcher()));
        TraceLog log = sampler.Record(model.Vocabulary);
        int[] answer = Run(model, sampler);

        var matcher = grammar.CreateMatcher();
        var mask = new TokenMask(model.Vocabulary.Count);
        Assert.Equal(answer, log.Answer());
        Assert.All(log.Steps.Cast<TokenStep>(), step =>
        {
            matcher.FillMask(mask);
            Assert.Equal(mask.Count, step.Mask!.Allowed);
            Assert.Equal(mask.Count, step.Mask.After!.Candidates);
            Assert.Equal("pattern", step.Mask.Constraint);
            TraceCandidate favourite = step.Model!.Top[0];
            Assert.Equal(mask[favourite.Token] ? null : favourite, step.Mask.ForbiddenFavourite);
            Assert.Equal(step.Mask.After.Top.Single(candidate => candidate.Token == step.Token.Id).Probability, Math.Exp(step.Mask.LogProbability), 1e-5);
            Assert.Equal(step.LogProbability, step.Mask.LogProbability + Math.Log(step.Mask.AllowedProbability), 1e-4);
            Assert.Equal(mask.Count == 1, step.Mask.IsForced);
            Assert.True(matcher.Accept(step.Token.Id));
        });
        Assert.Contains(log.Steps.Cast<TokenStep>(), static step => step.Mask is { ForbiddenFavourite: not null, IsForced: false });
        Assert.Contains(log.Steps.Cast<TokenStep>(), static step => step.Mask is { IsForced: true } && step.Stages is []);
    }

    [Fact]
    public void Choose_ModelEndsTheAnswer_IsMarkedAndNoPartOfIt()
    {
        TableModel model = TableModel.Random(4, 8, 3, 1);
        TokenSampler sampler = model.Sampler(Prompt);
        TraceLog log = sampler.Record(model.Vocabulary);
        int[] answer = Run(model.Model, sampler);

        var last = Assert.IsType<TokenStep>(log.Steps[^1]);
        Assert.True(last.IsEnd);
        Assert.Equal(answer.Length, last.Position);
        Assert.Equal(answer, log.Answer());
    }

    [Fact]
    public void Record_MoreStepsThanRoom_KeepsTheFirstAndCountsTheRest()
    {
        TableModel model = TableModel.Random(4, 8, 3);
        TokenSampler sampler = model.Sampler(Prompt);
        var seen = new List<TraceStep>();
        TraceLog log = sampler.Record(model.Vocabulary, maxSteps: 5, sink: seen.Add);
        int[] answer = Run(model.Model, sampler);

        Assert.Equal(answer[..5], log.Answer());
        Assert.Equal(25, log.Dropped);
        Assert.Equal(30, seen.Count);
    }

    private static (TraceLog Log, int[] Answer) Run(TableModel model, SamplerPipeline pipeline, TraceLevel? level = TraceLevel.Stages, int top = 50)
    {
        TokenSampler sampler = model.Sampler(Prompt, pipeline);
        TraceLog log = sampler.Record(model.Vocabulary, level ?? TraceLevel.Tokens, top);
        sampler.Recorder = level is null ? null : sampler.Recorder;
        return (log, Run(model.Model, sampler));
    }

    private static int[] Run(ScriptedModel model, TokenSampler sampler)
    {
        var loop = new TestLoop(model);
        GenerationRequest request = loop.Submit(new SamplingStrategy(model.Vocabulary, sampler, new StopSequences([]), maxTokens: 30));
        loop.RunToEnd();
        return [.. TestLoop.Read(request).Tokens];
    }

    private static TokenSampler Sampler(Vocabulary vocabulary, SamplerPipeline pipeline, SequenceConstraint? constraint = null) =>
        new(new BoundPipeline(pipeline, new SamplerBinding(vocabulary), new SamplerWorkspacePool()), Prompt, seed: 1, constraint: constraint);

    private static void AssertWhole(TraceDistribution distribution, int candidates)
    {
        Assert.Equal(candidates, distribution.Candidates);
        Assert.Equal(candidates, distribution.Top.Count);
        Assert.Equal(1, distribution.Top.Sum(static candidate => candidate.Probability), 1e-5);
        Assert.Equal(0, distribution.Rest);
        Assert.Equal(-distribution.Top.Where(static c => c.Probability > 0).Sum(static c => c.Probability * Math.Log(c.Probability)), distribution.Entropy, 1e-4);
    }
}
