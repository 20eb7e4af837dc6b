using LlamaProvider.Models.Gguf;
using LlamaProvider.Options;
using Microsoft.Extensions.Logging;

namespace LlamaProvider.Models.Quantization;

/// <summary>How a model file is quantized.</summary>
public sealed record QuantizationOptions
{
    /// <summary>Element types that any tensor can be written in without an importance matrix.</summary>
    private static readonly string[] WritableTypes =
    [
        "f32", "f16", "bf16", "q8_0", "q6_K", "q5_1", "q5_K", "q5_0", "q4_1", "q4_K", "q4_0", "iq4_nl", "iq4_xs", "q3_K", "iq3_s", "q2_K",
    ];

    /// <summary>Whether weights that are quantized already may be quantized again, which loses more than going there from floats. Default: false, an error.</summary>
    public bool AllowRequantize { get; init; }

    /// <summary>Whether a file that exists at the output's path is replaced, once the new one is whole. Default: false, an error.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Whether <c>output.weight</c> stays as it is. Models that share it with the token embeddings have none. Default: false.</summary>
    public bool KeepOutputTensor { get; init; }

    /// <summary>Whether all weights get the same type, without the mixes of K types. Default: false.</summary>
    public bool Pure { get; init; }

    /// <summary>The element type of <c>output.weight</c>, for example <c>q8_0</c>. Default: what llama.cpp chooses for the type.</summary>
    public string? OutputTensorType { get; init; }

    /// <summary>The element type of the token embeddings, for example <c>q8_0</c>. Default: what llama.cpp chooses for the type.</summary>
    public string? TokenEmbeddingType { get; init; }

    /// <summary>Threads. Default: the physical cores. Range: 1 to 512.</summary>
    public int? Threads { get; init; }

    /// <summary>The folder with llama.cpp's libraries. Default: found as <see cref="LlamaEngineOptions.NativeDirectory"/> says.</summary>
    public string? NativeDirectory { get; init; }

    /// <summary>Receives what llama.cpp logs. Default: nothing is logged.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    internal void Validate()
    {
        const int MostThreads = 512;
        List<string> errors = [];
        if (Threads is < 1 or > MostThreads)
        {
            errors.Add($"{nameof(Threads)} is {Threads}, but must be from 1 to {MostThreads}. Change the option or leave it unset.");
        }

        CheckType(nameof(OutputTensorType), OutputTensorType, errors);
        CheckType(nameof(TokenEmbeddingType), TokenEmbeddingType, errors);
        if (KeepOutputTensor && OutputTensorType is not null)
        {
            errors.Add($"{nameof(KeepOutputTensor)} is set, so {nameof(OutputTensorType)} ('{OutputTensorType}') would have no effect. Leave one of them unset.");
        }

        if (errors.Count > 0)
        {
            throw new InvalidOptionsException(nameof(QuantizationOptions), errors);
        }
    }

    /// <summary>The element type of a name that <see cref="Validate"/> accepts.</summary>
    internal static GgmlType TypeOf(string name) => GgmlType.Find(name)!;

    private static void CheckType(string option, string? name, List<string> errors)
    {
        if (name is not null && !WritableTypes.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            errors.Add($"{option} is '{name}', but must be one of {string.Join(", ", WritableTypes)}. Change the option or leave it unset.");
        }
    }
}
