using LlamaProvider.Decoding;

namespace LlamaProvider.Models.Quantization;

/// <summary>A model file cannot be quantized as asked, or llama.cpp failed to. The output is as it was before.</summary>
public sealed class QuantizationException : LlamaException
{
    /// <summary>Creates the error.</summary>
    /// <param name="inputPath">The file that was to be quantized.</param>
    /// <param name="outputPath">The file that was to be written.</param>
    /// <param name="problem">The value that was wrong, the rule it breaks and what to do about it.</param>
    /// <param name="innerException">The error underneath, if there is one.</param>
    public QuantizationException(string inputPath, string outputPath, string problem, Exception? innerException = null)
        : base($"Cannot quantize '{inputPath}' to '{outputPath}': {problem}", innerException)
    {
        InputPath = inputPath;
        OutputPath = outputPath;
    }

    /// <summary>The file that was to be quantized.</summary>
    public string InputPath { get; }

    /// <summary>The file that was to be written.</summary>
    public string OutputPath { get; }
}

/// <summary>A name is no quantization type.</summary>
public sealed class UnknownQuantizationTypeException : LlamaException
{
    /// <summary>Creates the error.</summary>
    /// <param name="name">The name.</param>
    public UnknownQuantizationTypeException(string name)
        : base($"'{name}' is no quantization type of llama.cpp v0.5.0. Use one of {string.Join(", ", QuantizationType.All)}.") => Name = name;

    /// <summary>The name.</summary>
    public string Name { get; }
}
