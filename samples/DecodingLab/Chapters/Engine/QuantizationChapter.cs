using DecodingLab.Measuring;
using LlamaProvider.Benchmarks.Support;
using LlamaProvider.Models.Quantization;
using LlamaProvider.Options;
using LlamaProvider.Perplexity;
using LlamaProvider.Visualization.Measurements;
using Microsoft.Extensions.AI;

namespace DecodingLab.Chapters.Engine;

/// <summary>The same model with smaller weights.</summary>
internal sealed class QuantizationChapter : IChapter
{
    private const int Tokens = 64;
    private const int Windows = 8;

    private static readonly QuantizationType[] Types = [QuantizationType.Q6_K, QuantizationType.Q4_K_M, QuantizationType.Q4_0, QuantizationType.Q3_K_M, QuantizationType.Q2_K];

    public string Name => "quantization";

    public string Title => "Quantization";

    public ChapterText Text { get; } = new(
        "Weights are stored in fewer bits, in blocks that share a scale: from 8.5 bits a weight (Q8_0) to less than 3 (Q2_K). Perplexity says what it costs: as unsure as if the model chose among so many tokens at each place of a text.",
        "Less memory, and faster answers where memory is the limit, which it is for large models.",
        "Quality goes with the bits: little down to about 4.5, then fast, and the sooner the smaller the model. Types that are slower to unpack may be slower on a processor.",
        "Q4_K_M or Q5_K_M as a rule, Q8_0 for small models. Choose the larger model with fewer bits before the smaller one with more, down to 4 bits.");

    public async Task<ChapterRun> RunAsync(Lab lab, IProgress<double> progress, CancellationToken cancellationToken)
    {
        string folder = Directory.CreateTempSubdirectory("decoding-lab-").FullName;
        try
        {
            return await RunAsync(lab, folder, progress, cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<ChapterRun> RunAsync(Lab lab, string folder, IProgress<double> progress, CancellationToken cancellationToken)
    {
        List<(string Name, string Path)> files = [("as it is", lab.Options.ModelPath)];
        foreach (QuantizationType type in Types)
        {
            string path = Path.Combine(folder, $"{type.Name}.gguf");
            await LlamaQuantizer.QuantizeAsync(lab.Options.ModelPath, path, type, new QuantizationOptions { AllowRequantize = true }, progress: null, cancellationToken);
            files.Add((type.Name, path));
        }

        var labs = new List<Lab>();
        try
        {
            foreach ((_, string path) in files)
            {
                labs.Add(await Lab.LoadAsync(lab.Options with { ModelPath = path, DraftPath = null }, progress: null, cancellationToken));
            }

            return await MeasureAsync([.. files.Zip(labs, static (file, loaded) => new Quantized(file.Name, file.Path, loaded))], progress, cancellationToken);
        }
        finally
        {
            foreach (Lab loaded in labs)
            {
                await loaded.DisposeAsync();
            }
        }
    }

    private static async Task<ChapterRun> MeasureAsync(IReadOnlyList<Quantized> models, IProgress<double> progress, CancellationToken cancellationToken)
    {
        string text = await File.ReadAllTextAsync(LabOptions.ConversationsPath, cancellationToken);
        LabOptions options = models[0].Lab.Options;
        double[][]? speeds = options.Measure ? await SpeedsAsync(models, progress, cancellationToken) : null;
        var rows = new List<QuantizedMeasurement>();
        var uncertainties = new List<double>();
        var answers = new List<LabAnswer>();
        foreach ((string name, string path, Lab lab) in models)
        {
            PerplexityResult result = await lab.Engine.PerplexityAsync(text, new PerplexityOptions { MaxWindows = Windows, ControlTokens = true }, progress: null, cancellationToken);
            uncertainties.Add(result.Uncertainty);
            rows.Add(new QuantizedMeasurement(name, new FileInfo(path).Length / 1e6, speeds is null ? null : Comparison.Median(speeds[rows.Count]), result.Perplexity));
            answers.Add(await lab.AskAsync(name, lab.PromptOr("What is the capital of Japan?"), lab.Request(60).UseSamplers(static samplers => samplers.Greedy()), cancellationToken, top: 10));
            progress.Report((double)rows.Count / models.Count);
        }

        return new ChapterRun
        {
            Answers = answers,
            Findings =
            [
                Finding.Of($"The smaller files were made of the model's own, which is quantized already, so the original's error is in all of them."),
                .. rows.Zip(uncertainties, (row, uncertainty) => Finding.Of($"{row.Type}: {row.Megabytes:0.00} MB ({row.Megabytes / rows[0].Megabytes:P0}), a perplexity of {row.Perplexity:0.000} ± {uncertainty:0.000} ({(row.Perplexity / rows[0].Perplexity) - 1:+0.0%;-0.0%;0.0%}){Speed(row)}.")),
            ],
            Measurements = speeds is null ? [] : [.. rows.Skip(1).Select((row, index) => Comparison.ToRow($"{row.Type}, {Tokens} tokens", rows[0].Type, "tok/s", higherIsBetter: true, speeds[index + 1], speeds[0]))],
            Figures = [new(QuantizationFigure.Of("Size, speed and perplexity", rows), "Each panel has a scale of its own, from zero.")],
        };
    }

    private static string Speed(QuantizedMeasurement row) => row.TokensPerSecond is double speed ? FormattableString.Invariant($", {speed:N0} tokens a second") : "";

    private static async Task<double[][]> SpeedsAsync(IReadOnlyList<Quantized> models, IProgress<double> progress, CancellationToken cancellationToken)
    {
        Variant[] variants = [.. models.Select(model => new Variant(
            model.Name, () => model.Lab.Client.GetResponseAsync("Tell me a story.", new ChatOptions { MaxOutputTokens = Tokens, Seed = 1 }.RequireMinTokens(Tokens), cancellationToken)))];
        IReadOnlyList<TimedVariant> timed = await Alternation.RunAsync(variants, models[0].Lab.Options, progress, cancellationToken);
        return [.. timed.Select(static variant => variant.Milliseconds.Select(static time => Tokens * 1000 / time).ToArray())];
    }

    /// <summary>A file, loaded.</summary>
    private sealed record Quantized(string Name, string Path, Lab Lab);
}
