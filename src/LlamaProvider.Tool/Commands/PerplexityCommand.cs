using System.CommandLine;
using LlamaProvider.Perplexity;
using LlamaProvider.Tool.Output;

namespace LlamaProvider.Tool.Commands;

/// <summary><c>perplexity</c>: how well a model expects a text, as llama.cpp's tool measures it.</summary>
internal sealed class PerplexityCommand(ToolContext context, SharedOptions shared) : ToolCommand(context, shared)
{
    /// <summary>Windows that are evaluated at once; more would take memory and bring no speed.</summary>
    private const int Sequences = 4;

    public override Command Create()
    {
        Argument<string> model = RunnableModel();
        var text = new Argument<string>("text") { Description = "A file with text, of at least two windows." };
        var window = NumberOption.Create<int>("--window", "N", "Tokens of a window. Default: 512.", "a whole number, 4 or more", static n => n >= 4);
        var windows = NumberOption.Create<int>("--max-windows", "N", "The most windows, from the text's start. Default: all.", "a whole number, 1 or more", static n => n >= 1);
        var controlTokens = new Option<bool>("--control-tokens") { Description = "Names of control tokens in the text are those tokens, as in rendered conversations." };
        Option<int?> threads = SharedOptions.Threads();
        var command = new Command("perplexity", "Measures how well a model expects a text.") { model, text, window, windows, controlTokens, threads, Shared.Json };
        OnRun(command, (result, run, cancellationToken) => MeasureAsync(run, result.GetRequiredValue(model), result.GetRequiredValue(text), result.GetValue(threads), new PerplexityOptions
        {
            WindowTokens = result.GetValue(window) ?? 512,
            MaxWindows = result.GetValue(windows),
            ControlTokens = result.GetValue(controlTokens),
        }, cancellationToken));
        return command;
    }

    private static async Task MeasureAsync(CommandRun run, string model, string file, int? threads, PerplexityOptions options, CancellationToken cancellationToken)
    {
        string text = await File.ReadAllTextAsync(file, cancellationToken);
        await using LlamaEngine engine = await run.LoadAsync(
            model, new() { ContextLength = options.WindowTokens * Sequences, Sequences = Sequences, PrefixCacheSequences = 0, HiddenStateTokens = 256, Threads = threads }, cancellationToken);
        PerplexityResult result = await ProgressView.RunAsync(
            run.Context.ErrorConsole, "Measuring", bar => engine.PerplexityAsync(text, options, bar, cancellationToken));
        var measured = new MeasuredPerplexity(engine.Model.Description.Name, file, options.WindowTokens, result.Windows.Count, result.TextTokens, result.ScoredTokens, result.Perplexity, result.Uncertainty, result.MeanLoss);
        run.Report.Show(measured, report => report.Line(
            $"{Units.Number(measured.Perplexity, "0.0000")} ± {Units.Number(measured.Uncertainty, "0.0000")}, {Units.Number(measured.ScoredTokens)} tokens of {measured.Windows} windows scored"));
    }

    private sealed record MeasuredPerplexity(
        string Model, string Text, int WindowTokens, int Windows, int TextTokens, int ScoredTokens, double Perplexity, double Uncertainty, double MeanLoss);
}
