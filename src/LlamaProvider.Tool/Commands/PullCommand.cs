using System.CommandLine;
using LlamaProvider.Downloads;
using LlamaProvider.Tool.Output;

namespace LlamaProvider.Tool.Commands;

/// <summary><c>pull</c>: downloads a model, or finds that the cache has the newest one.</summary>
internal sealed class PullCommand(ToolContext context, SharedOptions shared) : ToolCommand(context, shared)
{
    public override Command Create()
    {
        Argument<string> model = ModelArgument("The model: hf:OWNER/REPO:QUANTIZATION (Q4_K_M or Q8_0 when it is left out), hf:OWNER/REPO/FILE.gguf, an address, or a name that 'list' shows, to be brought up to date.");
        var revision = new Option<string>("--revision") { HelpName = "NAME", Description = "Branch, tag or commit of the repository. Default: main." };
        var sha256 = new Option<string>("--sha256") { HelpName = "HASH", Description = "The hash that the file must have. Default: the one that Hugging Face tells." };
        var command = new Command("pull", "Downloads a model into the cache and prints where it is.") { model, revision, sha256, Shared.Json };
        OnRun(command, (result, run, cancellationToken) => PullAsync(run, result.GetRequiredValue(model), result.GetValue(revision), result.GetValue(sha256), cancellationToken));
        return command;
    }

    private static async Task PullAsync(CommandRun run, string model, string? revision, string? sha256, CancellationToken cancellationToken)
    {
        run.Downloads.Revision = revision ?? run.Downloads.Revision;
        run.Downloads.Sha256 = sha256;
        string source = run.Models.ToSource(model);
        string path;
        try
        {
            path = await ProgressView.RunAsync(
                run.Context.ErrorConsole, $"Looking for {source}", bar => LlamaModels.DownloadAsync(source, run.Downloads, bar, cancellationToken));
        }
        catch (ArgumentException error)
        {
            // An option's value, in the library's words.
            throw new ToolException(error.Message);
        }

        run.Report.Show(new PulledModel(source, path), report => report.Line(path));
    }

    private sealed record PulledModel(string Source, string Path);
}
