using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace LlamaProvider.Models.Quantization;

/// <summary>How the weights of a model file are stored: what llama.cpp calls its file type (<c>general.file_type</c>), by the names of its <c>quantize</c> tool.</summary>
/// <remarks>
/// A type names what most weights become. The K types mix: they give more bits to tensors that suffer most, and vectors and norms stay 32-bit floats in all of them. Immutable.
/// </remarks>
public sealed class QuantizationType
{
    private QuantizationType(string name, int fileType, double bitsPerWeight, bool needsImportanceMatrix = false, bool isWritable = true)
    {
        Name = name;
        FileType = fileType;
        BitsPerWeight = bitsPerWeight;
        NeedsImportanceMatrix = needsImportanceMatrix;
        IsWritable = isWritable && !needsImportanceMatrix;
    }

    /// <summary>32-bit floats: what comparisons with other implementations need.</summary>
    public static QuantizationType F32 { get; } = new("F32", 0, 32);

    /// <summary>16-bit floats with a long mantissa.</summary>
    public static QuantizationType F16 { get; } = new("F16", 1, 16);

    /// <summary>16-bit floats with the range of 32-bit ones.</summary>
    public static QuantizationType BF16 { get; } = new("BF16", 32, 16);

    /// <summary>8 bits: answers differ from the floats' in rare near ties only.</summary>
    public static QuantizationType Q8_0 { get; } = new("Q8_0", 7, 8.5);

    /// <summary>6 bits.</summary>
    public static QuantizationType Q6_K { get; } = new("Q6_K", 18, 6.5625);

    /// <summary>5 bits, 6 for what suffers most.</summary>
    public static QuantizationType Q5_K_M { get; } = new("Q5_K_M", 17, 5.5);

    /// <summary>4 bits, 6 for what suffers most: the usual choice between size and quality.</summary>
    public static QuantizationType Q4_K_M { get; } = new("Q4_K_M", 15, 4.5);

    /// <summary>4 bits, 5 for what suffers most.</summary>
    public static QuantizationType Q4_K_S { get; } = new("Q4_K_S", 14, 4.5);

    /// <summary>4 bits everywhere.</summary>
    public static QuantizationType Q4_0 { get; } = new("Q4_0", 2, 4.5);

    /// <summary>3 bits, 4 and 5 for what suffers most.</summary>
    public static QuantizationType Q3_K_M { get; } = new("Q3_K_M", 12, 3.4375);

    /// <summary>2 bits, 3 and 4 for what suffers most.</summary>
    public static QuantizationType Q2_K { get; } = new("Q2_K", 10, 2.625);

    /// <summary>Every type that llama.cpp v0.5.0 knows, from the most bits to the fewest.</summary>
    public static ImmutableArray<QuantizationType> All { get; } =
    [
        F32, F16, BF16, Q8_0, Q6_K,
        new("Q5_1", 9, 6), Q5_K_M, new("Q5_K_S", 16, 5.5), new("Q5_0", 8, 5.5),
        new("Q4_1", 3, 5), Q4_K_M, Q4_K_S, Q4_0, new("IQ4_NL", 25, 4.5), new("NVFP4", 39, 4.5, isWritable: false), new("MXFP4_MOE", 38, 4.25), new("IQ4_XS", 30, 4.25),
        new("Q3_K_L", 13, 3.4375), Q3_K_M, new("Q3_K_S", 11, 3.4375), new("IQ3_M", 27, 3.4375), new("IQ3_S", 26, 3.4375),
        new("IQ3_XS", 22, 3.4375, needsImportanceMatrix: true), new("IQ3_XXS", 23, 3.0625, needsImportanceMatrix: true),
        Q2_K, new("Q2_K_S", 21, 2.625, needsImportanceMatrix: true), new("IQ2_M", 29, 2.5625, needsImportanceMatrix: true),
        new("IQ2_S", 28, 2.3125, needsImportanceMatrix: true), new("IQ2_XS", 20, 2.3125, needsImportanceMatrix: true), new("Q2_0", 41, 2.25),
        new("TQ2_0", 37, 2.0625), new("IQ2_XXS", 19, 2.0625, needsImportanceMatrix: true), new("IQ1_M", 31, 1.75, needsImportanceMatrix: true),
        new("TQ1_0", 36, 1.6875), new("IQ1_S", 24, 1.5625, needsImportanceMatrix: true), new("Q1_0", 40, 1.125),
    ];

    /// <summary>The name, for example <c>Q4_K_M</c>.</summary>
    public string Name { get; }

    /// <summary>The number in model files (<c>enum llama_ftype</c>).</summary>
    public int FileType { get; }

    /// <summary>Bits that most weights take, their share of scales included. A whole file takes more or less: see <see cref="QuantizationResult.BitsPerWeight"/>.</summary>
    public double BitsPerWeight { get; }

    /// <summary>Whether llama.cpp refuses to make it without an importance matrix. This library makes none, so it can run such files but not write them.</summary>
    public bool NeedsImportanceMatrix { get; }

    /// <summary>Whether a model can be quantized to it here. The others need an importance matrix, or are made by other converters.</summary>
    public bool IsWritable { get; }

    /// <summary>Finds a type by its name; case does not matter, and <c>Q3_K</c>, <c>Q4_K</c> and <c>Q5_K</c> mean their medium mixes.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="UnknownQuantizationTypeException">There is no such type; the message lists all.</exception>
    public static QuantizationType Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return TryParse(name, out QuantizationType? type) ? type : throw new UnknownQuantizationTypeException(name);
    }

    /// <summary>Finds a type by its name, as <see cref="Parse"/> does.</summary>
    /// <param name="name">The name.</param>
    /// <param name="type">The type, when there is one.</param>
    /// <returns>Whether there is such a type.</returns>
    public static bool TryParse(string? name, [NotNullWhen(true)] out QuantizationType? type)
    {
        string? full = name?.ToUpperInvariant() switch
        {
            "Q3_K" or "Q4_K" or "Q5_K" => name + "_M",
            _ => name,
        };
        type = All.FirstOrDefault(known => known.Name.Equals(full, StringComparison.OrdinalIgnoreCase));
        return type is not null;
    }

    /// <summary>Finds a type by its number in model files.</summary>
    /// <param name="fileType">The number.</param>
    /// <returns>The type; <see langword="null"/> when llama.cpp v0.5.0 knows none of this number.</returns>
    public static QuantizationType? Find(int fileType) => All.FirstOrDefault(known => known.FileType == fileType);

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
