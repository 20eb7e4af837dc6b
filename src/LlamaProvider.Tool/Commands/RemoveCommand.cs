using System.CommandLine;
using LlamaProvider.Downloads;
using LlamaProvider.Tool.Output;

namespace LlamaProvider.Tool.Commands;

/// <summary><c>rm</c>: takes a model out of the cache.</summary>
internal sealed class RemoveCommand(ToolContext context, SharedOptions shared) : ToolCommand(context, shared)
{
    public override Command Create()
    {
        Argument<string> model = ModelArgument("The model: a name that 'list' shows, its file's name, or hf:OWNER/REPO:QUANTIZATION.");
        var command = new Command("rm", "Removes a model from the cache. Contents that other models share stay.") { model, Shared.Json };
        OnRun(command, async (result, run, cancellationToken) =>
        {
            CachedModel found = await run.Models.FindCachedAsync(result.GetRequiredValue(model), cancellationToken);
            var removed = new RemovedModel(found.Name, await LlamaModels.RemoveCachedAsync(found, run.Downloads, cancellationToken));
            run.Report.Show(removed, report => report.Line($"Removed {removed.Name}; {Units.Bytes(removed.FreedBytes)} are free now."));
        });
        return command;
    }

    private sealed record RemovedModel(string Name, long FreedBytes);
}
