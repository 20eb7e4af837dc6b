using System.CommandLine;
using System.Globalization;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Tool.Benchmarking;
using LlamaProvider.Tool.Output;

namespace LlamaProvider.Tool.Commands;

/// <summary><c>bench</c>: how fast a model reads prompts and generates tokens, for one and for several sequences at once.</summary>
internal sealed class BenchCommand(ToolContext context, SharedOptions shared) : ToolCommand(context, shared)
{
    private static readonly BenchPlan Default = new();

    public override Command Create()
    {
        Argument<string> model = RunnableModel();
        var prompt = NumberOption.Create<int>("--prompt", "N", $"Tokens of the prompt; 0 measures none. Default: {Default.PromptTokens}.", "a whole number, 0 or more", static n => n >= 0);
        var generate = NumberOption.Create<int>("--generate", "N", $"Tokens that each sequence generates; 0 measures none. Default: {Default.GeneratedTokens}.", "a whole number, 0 or more", static n => n >= 0);
        Option<int[]> batch = Batch("--batch");
        var repetitions = NumberOption.Create<int>("--repetitions", "N", $"How often each test is measured, after one run that does not count. Default: {Default.Repetitions}.", "a whole number from 1 to 1000", static n => n is >= 1 and <= 1000);
        Option<int?> threads = SharedOptions.Threads();
        var gpuLayers = NumberOption.Create<int>("--gpu-layers", "N", "Layers on a GPU. Default: all that fit.", "a whole number, 0 or more", static n => n >= 0);
        var command = new Command("bench", "Measures tokens a second: prompts, generation, and generation of several sequences at once.") { model, prompt, generate, batch, repetitions, threads, gpuLayers, Shared.Json };
        command.Validators.Add(result =>
        {
            // By text, since a value that is wrong has no number.
            if (result.GetResult(prompt)?.Tokens is [{ Value: "0" }] && result.GetResult(generate)?.Tokens is [{ Value: "0" }])
            {
                result.AddError("--prompt and --generate are both 0, so there is nothing to measure. Raise one of them.");
            }
        });
        OnRun(command, (result, run, cancellationToken) => MeasureAsync(
            run,
            result.GetRequiredValue(model),
            new BenchPlan
            {
                PromptTokens = result.GetValue(prompt) ?? Default.PromptTokens,
                GeneratedTokens = result.GetValue(generate) ?? Default.GeneratedTokens,
                Sequences = result.GetValue(batch) is { Length: > 0 } sequences ? sequences : Default.Sequences,
                Repetitions = result.GetValue(repetitions) ?? Default.Repetitions,
            },
            result.GetValue(threads),
            result.GetValue(gpuLayers),
            cancellationToken));
        return command;
    }

    private static async Task MeasureAsync(CommandRun run, string model, BenchPlan plan, int? threads, int? gpuLayers, CancellationToken cancellationToken)
    {
        // The engine's own context is not used, so it is a small one.
        var options = new LlamaEngineOptions { ContextLength = 64, BatchTokens = 64, Sequences = 1, PrefixCacheSequences = 0, Threads = threads, GpuLayers = gpuLayers };
        await using LlamaEngine engine = await run.LoadAsync(model, options, cancellationToken);
        if (engine.Model.Capabilities.EvaluatesWholeTexts)
        {
            throw new ToolException($"'{engine.Model.Description.Name}' reads texts whole and generates none, so there is no such speed to measure. Name a model that generates text.");
        }

        var runner = new BenchRunner(engine.Model, plan, threads, run.Context.Time);
        IReadOnlyList<BenchRow> rows = await ProgressView.RunAsync(
            run.Context.ErrorConsole, "Measuring", bar => Task.Run(() => runner.Run(bar, cancellationToken), cancellationToken));
        ModelDescription description = engine.Model.Description;
        string? llamaCpp = run.Context.Native.Probe().Version;
        var measured = new MeasuredSpeed(description.Name, description.ByteCount, description.ParameterCount, llamaCpp, threads, rows);
        run.Report.Show(measured, report => Show(report, measured));
    }

    private static void Show(Report report, MeasuredSpeed measured)
    {
        report.Line($"{measured.Model}: {Units.Bytes(measured.Bytes)}, {Units.Count(measured.Parameters)} weights, llama.cpp {measured.LlamaCpp}, {(measured.Threads is { } threads ? $"{threads} threads" : "threads by default")}");
        report.Table(
            ["test", ">tokens", ">at once", ">tokens/s"],
            measured.Rows.Select(static row => new[]
            {
                row.Test, Units.Number(row.Tokens), Units.Number(row.Batch), $"{Units.Number(row.TokensPerSecond)} ± {Units.Number(row.Deviation)}",
            }));
    }

    private static Option<int[]> Batch(string name) => new(name)
    {
        HelpName = "N,N",
        Description = $"Sequences that generate at once, with commas between them. Default: {string.Join(',', Default.Sequences)}.",
        CustomParser = argument =>
        {
            string text = argument.Tokens[0].Value;
            var sequences = new List<int>();
            foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
            {
                if (!int.TryParse(part, CultureInfo.InvariantCulture, out int number) || number is < 1 or > ContextOptions.MaxSequences)
                {
                    argument.AddError($"{name} is '{text}', but must be whole numbers from 1 to {ContextOptions.MaxSequences}, with commas between them.");
                    return null;
                }

                sequences.Add(number);
            }

            return [.. sequences];
        },
    };

    private sealed record MeasuredSpeed(string Model, long Bytes, long Parameters, string? LlamaCpp, int? Threads, IReadOnlyList<BenchRow> Rows);
}
