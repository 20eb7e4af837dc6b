using System.CommandLine;
using LlamaProvider.Downloads;
using LlamaProvider.Tool.Models;
using LlamaProvider.Tool.Output;

namespace LlamaProvider.Tool.Commands;

/// <summary><c>list</c>: the models of the cache.</summary>
internal sealed class ListCommand(ToolContext context, SharedOptions shared) : ToolCommand(context, shared)
{
    public override Command Create()
    {
        var command = new Command("list", "Lists the models of the cache, those of llama.cpp's tools among them.") { Shared.Json };
        OnRun(command, (_, run, _) =>
        {
            ModelRow[] models = [.. LlamaModels.ListCached(run.Downloads).Select(ModelRow.Of)];
            run.Report.Show(models, report => Show(report, models));
            return Task.CompletedTask;
        });
        return command;
    }

    private static void Show(Report report, ModelRow[] models)
    {
        if (models.Length == 0)
        {
            report.Line("The cache has no models; 'pull' downloads one.");
            return;
        }

        report.Table(
            ["model", ">size", "written (UTC)", ""],
            models.Select(static model => new[] { model.Name, Units.Bytes(model.Bytes), Units.Time(model.Modified), model.IsComplete ? "" : "parts are missing; 'pull' brings them" }));
    }
}
