using LlamaProvider.Models.Quantization;

namespace LlamaProvider.Benchmarks.Quantization;

/// <summary>One model in several types, for as long as the program runs.</summary>
internal sealed class QuantizedFiles(string model) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("quantization-bench");

    /// <summary>The file that the others are made of.</summary>
    public string Source => model;

    /// <summary>The model's name without its type.</summary>
    public string Name { get; } = Path.GetFileNameWithoutExtension(Path.GetFileNameWithoutExtension(model));

    /// <summary>The floats, with the rounding that the source has already.</summary>
    public async Task<string> MakeFloatsAsync()
    {
        string path = PathOf(QuantizationType.F32);
        await LlamaQuantizer.QuantizeAsync(model, path, QuantizationType.F32, new() { AllowRequantize = true, Overwrite = true });
        return path;
    }

    public Task<QuantizationResult> MakeAsync(string floats, QuantizationType type) => LlamaQuantizer.QuantizeAsync(floats, PathOf(type), type, new() { Overwrite = true });

    public void Dispose() => _folder.Delete(recursive: true);

    private string PathOf(QuantizationType type) => Path.Combine(_folder.FullName, $"{Name}.{type}.gguf");
}
