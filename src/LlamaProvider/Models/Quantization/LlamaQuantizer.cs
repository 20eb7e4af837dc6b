using LlamaProvider.Native;

namespace LlamaProvider.Models.Quantization;

/// <summary>Writes model files with other weights: smaller ones, or floats for comparisons.</summary>
/// <remarks>
/// llama.cpp converts. Everything that can be checked is checked before: the input by the same rules as before loading, options, paths and room on the disk. It writes beside the output's path; the
/// file takes its place when it is complete and has been read back, so it is whole or absent. All members are safe for concurrent use.
/// </remarks>
public static class LlamaQuantizer
{
    /// <summary>Quantizes a model file.</summary>
    /// <param name="inputPath">The GGUF file; of a split model the first shard. Its weights should be floats.</param>
    /// <param name="outputPath">The file to write, one file whatever the input's shards. Its folder exists.</param>
    /// <param name="type">What the weights become.</param>
    /// <param name="options">How; defaults when <see langword="null"/>. Read during the call only.</param>
    /// <param name="progress">Told of each tensor when its conversion begins, and once at the end.</param>
    /// <param name="cancellationToken">
    /// llama.cpp cannot be interrupted: cancelled before it begins, the call ends at once; cancelled later, it ends when llama.cpp has, as cancelled, and nothing is left of the file.
    /// </param>
    /// <returns>What was written.</returns>
    /// <exception cref="Options.InvalidOptionsException">An option is out of its range; the message lists all such options.</exception>
    /// <exception cref="ModelLoadException">The input is missing, damaged, or no model.</exception>
    /// <exception cref="QuantizationException">
    /// The input is quantized already, the type needs an importance matrix, the output exists, is the input or cannot be written, the disk has no room, or llama.cpp failed.
    /// </exception>
    /// <exception cref="NativeLibraryException">llama.cpp cannot be loaded.</exception>
    public static Task<QuantizationResult> QuantizeAsync(
        string inputPath,
        string outputPath,
        QuantizationType type,
        QuantizationOptions? options = null,
        IProgress<QuantizationProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(inputPath);
        ArgumentException.ThrowIfNullOrEmpty(outputPath);
        ArgumentNullException.ThrowIfNull(type);
        options ??= new QuantizationOptions();
        options.Validate();
        var run = new QuantizationRun(inputPath, outputPath, type, options, progress);
        return Task.Factory.StartNew(
            () => run.Run(cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <inheritdoc cref="QuantizeAsync(string, string, QuantizationType, QuantizationOptions?, IProgress{QuantizationProgress}?, CancellationToken)"/>
    /// <param name="inputPath">The GGUF file; of a split model the first shard. Its weights should be floats.</param>
    /// <param name="outputPath">The file to write, one file whatever the input's shards. Its folder exists.</param>
    /// <param name="type">The name of what the weights become, for example <c>Q4_K_M</c>.</param>
    /// <param name="options">How; defaults when <see langword="null"/>. Read during the call only.</param>
    /// <param name="progress">Told of each tensor when its conversion begins, and once at the end.</param>
    /// <param name="cancellationToken">Cancels as the other overload says.</param>
    /// <exception cref="UnknownQuantizationTypeException">There is no type of this name.</exception>
    public static Task<QuantizationResult> QuantizeAsync(
        string inputPath,
        string outputPath,
        string type,
        QuantizationOptions? options = null,
        IProgress<QuantizationProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        QuantizeAsync(inputPath, outputPath, QuantizationType.Parse(type), options, progress, cancellationToken);
}
