using LlamaProvider.Models.Gguf;
using LlamaProvider.Native;
using LlamaProvider.Native.Loading;
using LlamaProvider.Native.Logging;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlamaProvider.Models.Quantization;

/// <summary>One call of the quantizer, on its own thread.</summary>
internal sealed class QuantizationRun(
    string inputPath, string outputPath, QuantizationType type, QuantizationOptions options, IProgress<QuantizationProgress>? progress)
{
    public QuantizationResult Run(CancellationToken cancellationToken)
    {
        if (!type.IsWritable)
        {
            string problem = type.NeedsImportanceMatrix ? "needs an importance matrix, which this library does not make" : "is written by other converters only, not by llama.cpp v0.5.0";
            throw Error($"{type} {problem}. Choose one of {string.Join(", ", QuantizationType.All.Where(other => other.IsWritable))}.");
        }

        QuantizationInput input = QuantizationInput.Read(inputPath);
        RequireConvertible(input);
        using QuantizationOutput output = QuantizationOutput.Create(outputPath, input.Paths, options.Overwrite, Error);
        cancellationToken.ThrowIfCancellationRequested();
        NativeRuntime.EnsureLoaded(options.NativeDirectory);
        using IDisposable log = NativeLog.Add((options.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger("LlamaProvider.Native"));
        LlamaCppQuantizer.Conversion conversion = ToConversion(output.TemporaryPath);
        if (Require(LlamaCppQuantizer.Measure(conversion)).TensorBytes is { } tensorBytes)
        {
            output.RequireRoom(input.MetadataBytes + tensorBytes);
        }

        LlamaCppQuantizer.Outcome outcome = LlamaCppQuantizer.Convert(conversion, Reporter(input));
        cancellationToken.ThrowIfCancellationRequested();
        Require(outcome);
        progress?.Report(new QuantizationProgress("", input.TensorCount, input.TensorCount, 1));
        double bitsPerWeight = 8.0 * QuantizationInput.Read(output.TemporaryPath).TensorBytes / input.Elements;
        return new QuantizationResult
        {
            Path = outputPath,
            Type = type,
            InputBytes = input.Bytes,
            OutputBytes = output.Complete(),
            BitsPerWeight = bitsPerWeight,
            FallbackTensors = outcome.Fallbacks,
        };
    }

    private void RequireConvertible(QuantizationInput input)
    {
        if (!options.AllowRequantize && input.FindQuantized() is { } quantized)
        {
            throw Error(
                $"its weights are quantized already (tensor '{quantized.Name}' is {quantized.Type.Name}), and quantizing them again loses more. " +
                $"Start from a file with floats, or set {nameof(QuantizationOptions.AllowRequantize)}.");
        }

        // llama.cpp takes a chosen type as it is, and ends the process when rows are no multiple of its block.
        RequireBlocks(input, "output.weight", nameof(QuantizationOptions.OutputTensorType), options.OutputTensorType);
        RequireBlocks(input, "token_embd.weight", nameof(QuantizationOptions.TokenEmbeddingType), options.TokenEmbeddingType);
        RequireBlocks(input, "per_layer_token_embd.weight", nameof(QuantizationOptions.TokenEmbeddingType), options.TokenEmbeddingType);
    }

    private void RequireBlocks(QuantizationInput input, string tensor, string option, string? name)
    {
        if (name is not null && input.Find(tensor) is { } found && QuantizationOptions.TypeOf(name) is var element && found.RowLength % element.BlockLength != 0)
        {
            throw Error(
                $"{option} is '{name}', whose blocks have {element.BlockLength} weights, but the rows of '{tensor}' have {found.RowLength}, which is no multiple. " +
                "Choose a type with smaller blocks or leave the option unset.");
        }
    }

    private LlamaCppQuantizer.Conversion ToConversion(string target) => new(
        inputPath,
        target,
        type.FileType,
        TypeId(options.OutputTensorType),
        TypeId(options.TokenEmbeddingType),
        options.AllowRequantize,
        options.KeepOutputTensor,
        options.Pure,
        options.Threads ?? PhysicalCores.Count);

    private static int? TypeId(string? name) => name is null ? null : (int)QuantizationOptions.TypeOf(name).Id;

    /// <summary>When a tensor's turn comes, those before it are written.</summary>
    private Action<int, string> Reporter(QuantizationInput input)
    {
        long written = 0;
        long current = 0;
        return (place, name) =>
        {
            written += current;
            current = input.Find(name)?.Bytes ?? 0;
            progress?.Report(new QuantizationProgress(name, place - 1, input.TensorCount, (float)((double)written / input.TensorBytes)));
        };
    }

    private LlamaCppQuantizer.Outcome Require(LlamaCppQuantizer.Outcome outcome) =>
        outcome.Error is { } reason ? throw Error($"llama.cpp refuses: {reason}. Choose another type, or check that its architecture is one that llama.cpp knows.") : outcome;

    private QuantizationException Error(string problem, Exception? inner = null) => new(inputPath, outputPath, problem, inner);
}
