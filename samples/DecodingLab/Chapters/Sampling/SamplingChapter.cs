using System.Globalization;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Options;
using LlamaProvider.Visualization;

namespace DecodingLab.Chapters.Sampling;

/// <summary>Greedy choice, temperature, top-k and top-p, on the same token.</summary>
internal sealed class SamplingChapter : IChapter
{
    private static readonly double[] Temperatures = [0.3, 0.7, 1, 1.3];

    public string Name => "sampling";

    public string Title => "Sampling: greedy, temperature, top-k, top-p";

    public ChapterText Text { get; } = new(
        "The model gives every token of its vocabulary a probability. Greedy choice takes the first; sampling draws. Temperature flattens or sharpens the probabilities before the draw, "
        + "top-k keeps the k most probable tokens, top-p (nucleus sampling) as few as have the probability p together.",
        "One pass of the model a token, at no cost worth measuring. Greedy answers are the same every time; draws are varied.",
        "Greedy text repeats itself and is not the most probable text. A high temperature also raises what is wrong. Top-k keeps as many where the model is sure as where it is not.",
        "Greedy or a low temperature for facts, extraction and code; 0.7 to 1 with top-p 0.9 to 0.95 for prose and conversation.");

    public async Task<ChapterRun> RunAsync(Lab lab, IProgress<double> progress, CancellationToken cancellationToken)
    {
        string prompt = lab.PromptOr("Name five animals.");
        Task<LabAnswer> Ask(string name, Action<SamplerPipelineBuilder> build) => lab.AskAsync(name, prompt, lab.Request(60).UseSamplers(build), cancellationToken);

        LabAnswer greedy = await Ask("greedy", static samplers => samplers.Greedy());
        var warm = new List<LabAnswer>();
        foreach (double temperature in Temperatures)
        {
            warm.Add(await Ask(Named(temperature), samplers => samplers.Temperature(temperature)));
        }

        LabAnswer topK = await Ask("top-k 5", static samplers => samplers.TopK(5));
        LabAnswer topP = await Ask("top-p 0.8", static samplers => samplers.TopP(0.8));
        LabAnswer all = await Ask("top-k 40, top-p 0.95, temperature 0.8", static samplers => samplers.TopK(40).TopP(0.95).Temperature(0.8));
        LabAnswer[] answers = [greedy, .. warm, topK, topP, all];
        int position = SharedPosition.Find(answers);
        TraceDistribution model = greedy.At(position).Model!;
        return new ChapterRun
        {
            Answers = answers,
            Findings =
            [
                Finding.Of($"All answers say the same before token {position + 1}, where the model is most undecided: it spreads its probability over {model.Candidates:N0} tokens with an entropy of {model.Entropy:0.00} nats."),
                Finding.Of($"Greedy choice takes '{greedy.At(position).Token.Text}', which the model gives {model.Top[0].Probability:P1}."),
                .. warm.Select(answer => Finding.Of($"At {answer.Name} the most probable token has {answer.At(position).Final.Top[0].Probability:P1} and the entropy is {answer.At(position).Final.Entropy:0.00} nats; '{answer.At(position).Token.Text}' was drawn.")),
                OfStage(topK, position, "top_k"),
                OfStage(topP, position, "top_p"),
            ],
            Figures =
            [
                new(DistributionFigure.OfModel(greedy.Trace, position), "The original distribution, by rank."),
                new(DistributionFigure.OfStage(greedy.Trace, position, "greedy"), "Greedy choice removes all but the first."),
                new(ComparisonFigure.Of($"Token {position + 1} at several temperatures", [.. warm.Select(answer => new NamedDistribution(answer.Name, answer.At(position).Final))]), "A low temperature sharpens, a high one flattens."),
                new(DistributionFigure.OfStage(topK.Trace, position, "top_k"), "Top-k cuts after the fifth, however probable the sixth is."),
                new(DistributionFigure.OfStage(topP.Trace, position, "top_p"), "Top-p cuts where 80 % are reached."),
                SharedPosition.Reach("How far the methods reach", answers, position, "Candidates that each method draws from at this token."),
                new(StageReachFigure.Of(all.Trace, position), "Stages one after the other: what each leaves to the next."),
            ],
        };
    }

    private static string Named(double temperature) => string.Create(CultureInfo.InvariantCulture, $"temperature {temperature}");

    private static Finding OfStage(LabAnswer answer, int position, string stage)
    {
        TraceStage done = answer.At(position).Stages!.First(candidate => candidate.Name == stage);
        return Finding.Of($"{answer.Name} removed {done.Removed:N0} candidates, which had {done.RemovedProbability:P1} together, and left {done.After.Candidates:N0}.");
    }
}
