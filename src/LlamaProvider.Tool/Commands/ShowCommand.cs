using System.CommandLine;
using LlamaProvider.Models.Info;
using LlamaProvider.Models.Memory;
using LlamaProvider.Tool.Models;
using LlamaProvider.Tool.Output;

namespace LlamaProvider.Tool.Commands;

/// <summary><c>show</c>: what a model's file says of itself, and the memory that it will take. No weight is read.</summary>
internal sealed class ShowCommand(ToolContext context, SharedOptions shared) : ToolCommand(context, shared)
{
    public override Command Create()
    {
        Argument<string> model = RunnableModel();
        Option<int?> contextLength = SharedOptions.Context();
        var sequences = NumberOption.Create<int>("--sequences", "N", "Requests evaluated at once, for the memory. Default: 16.", "a whole number from 1 to 256", static n => n is >= 1 and <= 256);
        var metadata = new Option<bool>("--metadata") { Description = "With all keys of the file." };
        var tensors = new Option<bool>("--tensors") { Description = "With all tensors." };
        var command = new Command("show", "Shows what a model is and what memory it takes.") { model, contextLength, sequences, metadata, tensors, Shared.Json };
        OnRun(command, async (result, run, cancellationToken) =>
        {
            string path = await run.LocateAsync(result.GetRequiredValue(model), cancellationToken);
            LlamaModelInfo info = LlamaModelInfo.Read(path);
            MemoryEstimate memory = info.EstimateMemory(new LlamaEngineOptions { ContextLength = result.GetValue(contextLength), Sequences = result.GetValue(sequences) ?? 16 });
            ModelSheet sheet = ModelSheet.Of(path, info, memory, result.GetValue(metadata), result.GetValue(tensors));
            run.Report.Show(sheet, report => Show(report, sheet));
        });
        return command;
    }

    private static void Show(Report report, ModelSheet sheet)
    {
        report.Facts(
        [
            ("path", sheet.Path),
            ("files", sheet.Files > 1 ? Units.Number(sheet.Files) : null),
            ("name", sheet.Name),
            ("architecture", sheet.Architecture),
            ("licence", sheet.License),
            ("weights", $"{Units.Count(sheet.Parameters)}, {sheet.Type ?? "mixed types"}, {Units.Number(sheet.BitsPerWeight)} bits each"),
            ("file", Units.Bytes(sheet.FileBytes)),
            ("trained context", $"{Units.Number(sheet.ContextLength)} tokens"),
            ("layers", Units.Number(sheet.Layers)),
            ("hidden state", $"{Units.Number(sheet.HiddenSize)} values"),
            ("vocabulary", $"{Units.Number(sheet.Vocabulary)} tokens"),
            ("chat template", sheet.HasChatTemplate ? "yes" : "no"),
            ("pooling", sheet.Pooling),
            ("memory", $"{Units.Bytes(sheet.Memory.TotalBytes)}{(sheet.Memory.IsComplete ? "" : " and more")}: weights {Units.Bytes(sheet.Memory.WeightBytes)}, keys and values {Units.Bytes(sheet.Memory.KeyValueBytes)}, "
                + $"outputs {Units.Bytes(sheet.Memory.OutputBytes)}, computing {Units.Bytes(sheet.Memory.ComputeBytes)}"),
        ]);
        if (sheet.Metadata is { } metadata)
        {
            report.Title("Metadata");
            report.Facts(metadata.Select(static pair => (pair.Key, (string?)pair.Value)));
        }

        if (sheet.Tensors is { } tensors)
        {
            report.Title("Tensors");
            report.Table(["name", "shape", "type", ">size"], tensors.Select(static tensor => new[] { tensor.Name, string.Join(" × ", tensor.Shape), tensor.Type, Units.Bytes(tensor.Bytes) }));
        }
    }
}
