using System.CommandLine;
using LlamaProvider.Models.Quantization;
using LlamaProvider.Tool.Output;

namespace LlamaProvider.Tool.Commands;

/// <summary><c>quantize</c>: writes a model file with smaller weights.</summary>
internal sealed class QuantizeCommand(ToolContext context, SharedOptions shared) : ToolCommand(context, shared)
{
    public override Command Create()
    {
        Argument<string> input = ModelArgument("The model to convert, whose weights should be floats: a file, or what other commands take for a model.");
        var output = new Argument<string>("output") { Description = "The file to write." };
        Argument<QuantizationType> type = TypeArgument();
        var allowRequantize = new Option<bool>("--allow-requantize") { Description = "Weights that are quantized already may be quantized again, which loses more." };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replaces the output if it exists." };
        var keepOutputTensor = new Option<bool>("--keep-output-tensor") { Description = "Leaves output.weight as it is." };
        var pure = new Option<bool>("--pure") { Description = "One type for all weights, no mix." };
        var outputTensorType = new Option<string>("--output-tensor-type") { HelpName = "TYPE", Description = "Element type of output.weight, for example q8_0. Default: llama.cpp's choice." };
        var tokenEmbeddingType = new Option<string>("--token-embedding-type") { HelpName = "TYPE", Description = "Element type of the token embeddings. Default: llama.cpp's choice." };
        Option<int?> threads = SharedOptions.Threads(purpose: "Threads to convert with. Default: the physical cores.");
        var command = new Command("quantize", "Writes a model file with smaller weights.")
        {
            input, output, type, allowRequantize, overwrite, keepOutputTensor, pure, outputTensorType, tokenEmbeddingType, threads, Shared.Json,
        };
        OnRun(command, (result, run, cancellationToken) => QuantizeAsync(run, result.GetRequiredValue(input), result.GetRequiredValue(output), result.GetRequiredValue(type), new QuantizationOptions
        {
            AllowRequantize = result.GetValue(allowRequantize),
            Overwrite = result.GetValue(overwrite),
            KeepOutputTensor = result.GetValue(keepOutputTensor),
            Pure = result.GetValue(pure),
            OutputTensorType = result.GetValue(outputTensorType),
            TokenEmbeddingType = result.GetValue(tokenEmbeddingType),
            Threads = result.GetValue(threads),
            LoggerFactory = run.LoggerFactory,
        }, cancellationToken));
        return command;
    }

    private static async Task QuantizeAsync(CommandRun run, string input, string output, QuantizationType type, QuantizationOptions options, CancellationToken cancellationToken)
    {
        string path = await run.LocateAsync(input, cancellationToken);
        QuantizationResult result = await ProgressView.RunAsync(
            run.Context.ErrorConsole, "Converting", bar => LlamaQuantizer.QuantizeAsync(path, output, type, options, bar, cancellationToken));
        var written = new WrittenModel(result.Path, result.Type.Name, result.InputBytes, result.OutputBytes, result.BitsPerWeight, result.FallbackTensors);
        run.Report.Show(written, report =>
        {
            report.Line($"{written.Path}: {written.Type}, {Units.Bytes(written.InputBytes)} became {Units.Bytes(written.OutputBytes)}, {Units.Number(written.BitsPerWeight)} bits a weight.");
            if (written.FallbackTensors > 0)
            {
                report.Line($"{written.FallbackTensors} tensors were written in larger types, since their rows are no multiple of the type's block.");
            }
        });
    }

    private static Argument<QuantizationType> TypeArgument()
    {
        string[] names = [.. QuantizationType.All.Where(static type => type.IsWritable).Select(static type => type.Name)];
        var argument = new Argument<QuantizationType>("type")
        {
            HelpName = "type",
            Description = $"What the weights become: {string.Join(", ", names)}.",
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (QuantizationType.TryParse(text, out QuantizationType? type))
                {
                    return type;
                }

                result.AddError($"type is '{text}', but must be one of {string.Join(", ", names)}.");
                return null;
            },
        };
        argument.CompletionSources.Add(names);
        return argument;
    }

    private sealed record WrittenModel(string Path, string Type, long InputBytes, long OutputBytes, double BitsPerWeight, int FallbackTensors);
}
