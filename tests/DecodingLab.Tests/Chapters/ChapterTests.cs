using System.Globalization;
using System.Xml.Linq;
using DecodingLab.Chapters;
using LlamaProvider.Chat;
using LlamaProvider.Decoding.Tracing;

namespace DecodingLab.Tests.Chapters;

/// <summary>What chapters say is what their traces hold.</summary>
public sealed class ChapterTests(PocketLab pocket)
{
    public static TheoryData<string> Names => [.. ChapterList.All.Select(static chapter => chapter.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Run_EveryChapter_HasFindingsFiguresAndAnswers(string name)
    {
        ChapterRun run = await pocket.RunAsync(name);

        Assert.NotEmpty(run.Findings);
        Assert.NotEmpty(run.Figures);
        Assert.NotEmpty(run.Answers);
        Assert.All(run.Answers, static answer => Assert.NotEmpty(answer.Text));
        Assert.All(run.Figures, static shown => Assert.NotEmpty(shown.Figure.Description));
        Assert.Empty(run.Measurements);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Text_EveryChapter_ExplainsTheMethod(string name)
    {
        ChapterText text = ChapterList.All.First(chapter => chapter.Name == name).Text;

        Assert.All([text.WhatItDoes, text.Advantages, text.Drawbacks, text.WhenToUse], static part => Assert.EndsWith(".", part, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_SameSeed_SaysTheSame()
    {
        ChapterRun again = await PocketLab.RunAloneAsync("sampling");

        Assert.Equal((await pocket.RunAsync("sampling")).Findings.Select(static finding => finding.Text), again.Findings.Select(static finding => finding.Text));
    }

    [Theory]
    [InlineData("sampling")]
    [InlineData("advanced-sampling")]
    public async Task Distributions_Figures_AreTheTraces(string name)
    {
        ChapterRun run = await pocket.RunAsync(name);

        XElement[] candidates = [.. run.Figures.SelectMany(static shown => Marks(shown, "candidate"))];
        var probabilities = new HashSet<double>(run.Answers.SelectMany(static answer => answer.Choices).SelectMany(static step => Distributions(step)).SelectMany(static distribution => distribution.Top).Select(static candidate => candidate.Probability));

        Assert.True(candidates.Length > 20);
        Assert.All(candidates.SelectMany(static mark => new[] { mark.Attribute("data-before"), mark.Attribute("data-after") }).OfType<XAttribute>(), value => Assert.Contains(double.Parse(value.Value, CultureInfo.InvariantCulture), probabilities));
    }

    [Fact]
    public async Task Sampling_Temperatures_RaiseTheEntropy()
    {
        ChapterRun run = await pocket.RunAsync("sampling");

        object?[][] warm = [.. run.Findings.Where(static finding => finding.Text.StartsWith("At temperature", StringComparison.Ordinal)).Select(static finding => finding.Values.ToArray())];
        Assert.Equal(4, warm.Length);
        Assert.Equal(warm.Select(static values => (double)values[2]!).Order(), warm.Select(static values => (double)values[2]!));
        Assert.True((double)warm[^1][2]! > (double)warm[0][2]!, "The entropy is the same at all temperatures.");
    }

    [Theory]
    [InlineData("sampling")]
    [InlineData("structure")]
    public async Task Steps_EveryStage_KeepsTheProbability(string name)
    {
        ChapterRun run = await pocket.RunAsync(name);

        TokenStep[] steps = [.. run.Answers.SelectMany(static answer => answer.Choices)];
        Assert.NotEmpty(steps);
        Assert.All(steps.SelectMany(Distributions), static distribution => Assert.Equal(1, distribution.Top.Sum(static candidate => candidate.Probability) + distribution.Rest, 1e-6));
    }

    [Theory]
    [InlineData("beam")]
    [InlineData("diverse-beam")]
    public async Task Beams_Leaves_AreTheTextsFound(string name)
    {
        ChapterRun run = await pocket.RunAsync(name);

        LabAnswer search = run.Answers[^1];
        IReadOnlyList<LlamaBeam> found = search.Response.GetBeams();
        IReadOnlyList<BeamLeaf> leaves = search.Trace.Steps.OfType<BeamResultStep>().Single().Leaves;
        Assert.Equal(found.Select(static beam => beam.Score), leaves.Select(static leaf => leaf.Score));
        Assert.Contains(run.Findings, finding => finding.Values.Contains(found[0].Score));
    }

    [Fact]
    public async Task Structure_Answer_FitsTheSchemaAndSaysItsConfidence()
    {
        ChapterRun run = await pocket.RunAsync("structure");

        LabAnswer json = run.Answers[^1];
        Assert.Equal(["name", "age", "city", "job"], System.Text.Json.JsonElement.Parse(json.Text).EnumerateObject().Select(static member => member.Name));
        Assert.Equal(json.Trace.Steps.OfType<ForcedStep>().Count(), run.Findings[0].Values[0]);
        Assert.Contains(run.Findings, static finding => finding.Text.StartsWith("/age is 34 with a probability of ", StringComparison.Ordinal));
        Assert.Contains(run.Figures, static shown => Marks(shown, "place").Any(static place => place.Attribute("data-pointer")!.Value == "/age" && place.Attribute("data-text")!.Value == "34"));
    }

    [Fact]
    public async Task Lengths_Answers_KeepThem()
    {
        ChapterRun run = await pocket.RunAsync("length");

        Assert.InRange(TextStatistics.Words(run.Answers[1].Text).Length, 1, 15);
        Assert.True(TextStatistics.Words(run.Answers[2].Text).Length >= 70, run.Answers[2].Text);
    }

    [Fact]
    public async Task Keywords_Answer_HasTheOneAndNotTheOther()
    {
        ChapterRun run = await pocket.RunAsync("keywords");

        Assert.Contains("lantern", run.Answers[1].Text, StringComparison.Ordinal);
        Assert.DoesNotContain("slice of cake", run.Answers[1].Text, StringComparison.Ordinal);
        Assert.Contains("slice of cake", run.Answers[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Speculation_Tokens_AreAcceptedOnesCorrectionsAndBonuses()
    {
        ChapterRun run = await pocket.RunAsync("speculation");

        foreach (LabAnswer answer in run.Answers)
        {
            DraftStep[] drafts = [.. answer.Trace.Steps.OfType<DraftStep>()];
            int decided = drafts.Sum(static draft => draft.Accepted + (draft.Correction is null ? 0 : 1) + (draft.Bonus is null ? 0 : 1));
            int ends = answer.Trace.Steps.OfType<TokenStep>().Count(static step => step.IsEnd);
            // The first token comes from the prompt's evaluation, which no draft takes part in.
            Assert.InRange(decided - answer.Trace.Tokens.Count - ends, -1, 0);
        }
    }

    [Fact]
    public async Task Batching_Timeline_HasEveryStepOfEveryRequest()
    {
        ChapterRun run = await pocket.RunAsync("batching");

        int steps = run.Answers.Sum(static answer => answer.Trace.Steps.OfType<BatchStep>().Count());
        Assert.Equal(steps, Marks(run.Figures[0], "batch").Count());
        Assert.Equal(steps, run.Findings[0].Values[2]);
    }

    [Fact]
    public async Task KvCache_SecondTurn_FindsTheFirst()
    {
        ChapterRun run = await pocket.RunAsync("kv-cache");

        LabAnswer second = run.Answers[1];
        long kept = second.Response.Usage!.CachedInputTokenCount!.Value;
        Assert.True(kept >= run.Answers[0].Trace.Request.PromptTokens.Count, $"{kept} tokens were there.");
        Assert.Equal(second.Trace.Request.PromptTokens.Count - kept, second.Trace.Steps.OfType<BatchStep>().First().OwnTokens);
    }

    [Fact]
    public async Task Quantization_Types_AreSmallerAndTheirFigureSaysTheSame()
    {
        ChapterRun run = await pocket.RunAsync("quantization");

        string[] types = [.. run.Answers.Select(static answer => answer.Name)];
        double[] sizes = [.. Marks(run.Figures[0], "bar").Where(static bar => bar.Attribute("data-of")!.Value == "size").Select(static bar => double.Parse(bar.Attribute("data-value")!.Value, CultureInfo.InvariantCulture))];
        Assert.Equal(types.Length, sizes.Length);
        Assert.All(sizes.Skip(1), size => Assert.InRange(size, 0.1, sizes[0]));
        Assert.All(run.Findings.Skip(1).Zip(sizes), static pair => Assert.Equal(pair.Second, pair.First.Values[1]));
        Assert.DoesNotContain(Marks(run.Figures[0], "bar"), static bar => bar.Attribute("data-of")!.Value == "speed");
    }

    private static IEnumerable<XElement> Marks(ShownFigure shown, string kind) =>
        XElement.Parse(shown.Figure.ToSvg()).Descendants().Where(element => element.Attribute("data-mark")?.Value == kind);

    private static IEnumerable<TraceDistribution> Distributions(TokenStep step) =>
        new[] { step.Model, step.Mask?.After, step.Final }.Concat((step.Stages ?? []).Select(static stage => stage.After)).OfType<TraceDistribution>();
}
