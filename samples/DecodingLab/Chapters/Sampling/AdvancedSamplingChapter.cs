using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Options;
using LlamaProvider.Visualization;

namespace DecodingLab.Chapters.Sampling;

/// <summary>The stages beyond top-k and top-p, each alone, on the same token.</summary>
internal sealed class AdvancedSamplingChapter : IChapter
{
    private static readonly Method[] Methods =
    [
        new("typical 0.5", "typ_p", "Typical sampling keeps what is about as surprising as is to be expected.", static samplers => samplers.Typical(0.5)),
        new("min-p 0.2", "min_p", "Min-p keeps what has at least a fifth of the first one's probability.", static samplers => samplers.MinP(0.2)),
        new("top-nσ 1", "top_n_sigma", "Top-nσ keeps logits within one standard deviation of the largest.", static samplers => samplers.TopNSigma(1)),
        new("epsilon 0.05", "epsilon_cutoff", "The epsilon cutoff drops what has less than 5 %.", static samplers => samplers.EpsilonCutoff(0.05)),
        new("eta 0.05", "eta_cutoff", "The eta cutoff lowers that bound where the model is undecided.", static samplers => samplers.EtaCutoff(0.05)),
        new("top-H 0.4", "top_h", "Top-H keeps as many as have 40 % of the entropy.", static samplers => samplers.TopH(0.4)),
        new("XTC 0.1", "xtc", "XTC leaves the most probable ones out, but for the last above 10 %.", static samplers => samplers.Xtc(probability: 1, threshold: 0.1)),
        new("dynamic temperature 1 ± 0.5", "dynamic_temperature", "Dynamic temperature is high where the entropy is.", static samplers => samplers.DynamicTemperature(1, 0.5)),
        new("DRY", "dry", "DRY lowers what would continue a repetition.", static samplers => samplers.Dry(multiplier: 0.8)),
        new("mirostat 2", "mirostat_v2", "Mirostat steers the surprise of each token to a target.", static samplers => samplers.MirostatV2(tau: 3)),
    ];

    public string Name => "advanced-sampling";

    public string Title => "Advanced sampling: typical, min-p, XTC and others";

    public ChapterText Text { get; } = new(
        "These stages ask other questions than how many tokens to keep: how surprising a token is (typical, mirostat), how probable beside the first (min-p, top-nσ), how undecided the model is (eta, top-H, dynamic temperature), "
        + "whether it is the obvious one (XTC) or repeats the text (DRY).",
        "They follow the model's certainty from token to token, which a fixed k or p does not. XTC and DRY avoid clichés and loops without raising nonsense.",
        "More values to set, which depend on the model. Their order changes the result: min-p after a high temperature keeps more than before it.",
        "Min-p 0.05 to 0.1 or top-nσ 1 with a temperature of 1 or more for creative text; DRY for long answers; XTC for fiction only.");

    public async Task<ChapterRun> RunAsync(Lab lab, IProgress<double> progress, CancellationToken cancellationToken)
    {
        string prompt = lab.PromptOr("Name five animals.");
        var answers = new List<LabAnswer>();
        foreach (Method method in Methods)
        {
            answers.Add(await lab.AskAsync(method.Name, prompt, lab.Request(60).UseSamplers(method.Build), cancellationToken));
            progress.Report((double)answers.Count / Methods.Length);
        }

        int position = SharedPosition.Find(answers);
        return new ChapterRun
        {
            Answers = answers,
            Findings =
            [
                Finding.Of($"Each answer has one stage and a draw. They are compared at token {position + 1}, where the model spreads its probability with an entropy of {answers[0].At(position).Model!.Entropy:0.00} nats."),
                .. Methods.Zip(answers, (method, answer) => Say(method, answer.At(position))),
            ],
            Figures =
            [
                SharedPosition.Reach("How far the stages reach", answers, position, "Candidates that each stage leaves to the draw."),
                .. Methods.Zip(answers).Where(pair => pair.First.Changes(pair.Second.At(position)))
                    .Select(pair => new ShownFigure(DistributionFigure.OfStage(pair.Second.Trace, position, pair.First.Stage), pair.First.Caption)),
            ],
        };
    }

    private static Finding Say(Method method, TokenStep step)
    {
        TraceStage stage = method.Of(step);
        return Finding.Of($"{method.Name}: {stage.Removed:N0} candidates removed with {stage.RemovedProbability:P1}, {stage.After.Candidates:N0} left, entropy {stage.After.Entropy:0.00} nats; '{step.Token.Text}' was drawn. {method.Caption}");
    }

    /// <summary>A stage alone.</summary>
    private sealed record Method(string Name, string Stage, string Caption, Action<SamplerPipelineBuilder> Build)
    {
        public TraceStage Of(TokenStep step) => step.Stages!.First(stage => stage.Name == Stage);

        public bool Changes(TokenStep step) => Of(step).Removed > 0 || Math.Abs(Of(step).After.Entropy - step.Model!.Entropy) > 1e-6;
    }
}
