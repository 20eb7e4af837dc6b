using System.Collections.Frozen;

namespace LlamaProvider.Models.Gguf;

/// <summary>
/// An element type of tensors: elements are stored in blocks of a fixed size. The numbers are those that ggml v0.5.0's library reports
/// (<c>ggml_type_name</c>, <c>ggml_blck_size</c>, <c>ggml_type_size</c>).
/// </summary>
/// <param name="Id">The number in the file.</param>
/// <param name="Name">The name that llama.cpp's tools print.</param>
/// <param name="BlockLength">The elements of one block.</param>
/// <param name="BlockBytes">The bytes of one block.</param>
internal sealed record GgmlType(uint Id, string Name, uint BlockLength, uint BlockBytes)
{
    public const uint F32 = 0;

    private static readonly FrozenDictionary<uint, GgmlType> Known = new GgmlType[]
    {
        new(F32, "f32", 1, 4), new(1, "f16", 1, 2), new(30, "bf16", 1, 2), new(28, "f64", 1, 8),
        new(24, "i8", 1, 1), new(25, "i16", 1, 2), new(26, "i32", 1, 4), new(27, "i64", 1, 8),
        new(2, "q4_0", 32, 18), new(3, "q4_1", 32, 20), new(6, "q5_0", 32, 22), new(7, "q5_1", 32, 24),
        new(8, "q8_0", 32, 34), new(9, "q8_1", 32, 36), new(41, "q1_0", 128, 18), new(42, "q2_0", 64, 18),
        new(10, "q2_K", 256, 84), new(11, "q3_K", 256, 110), new(12, "q4_K", 256, 144), new(13, "q5_K", 256, 176),
        new(14, "q6_K", 256, 210), new(15, "q8_K", 256, 292),
        new(16, "iq2_xxs", 256, 66), new(17, "iq2_xs", 256, 74), new(18, "iq3_xxs", 256, 98), new(19, "iq1_s", 256, 50),
        new(20, "iq4_nl", 32, 18), new(21, "iq3_s", 256, 110), new(22, "iq2_s", 256, 82), new(23, "iq4_xs", 256, 136),
        new(29, "iq1_m", 256, 56), new(34, "tq1_0", 256, 54), new(35, "tq2_0", 256, 66),
        new(39, "mxfp4", 32, 17), new(40, "nvfp4", 64, 36),
    }.ToFrozenDictionary(type => type.Id);

    /// <summary>Types that earlier files used and that llama.cpp has removed.</summary>
    private static readonly FrozenSet<uint> Removed = new uint[] { 4, 5, 31, 32, 33, 36, 37, 38 }.ToFrozenSet();

    public static GgmlType? Find(uint id) => Known.GetValueOrDefault(id);

    /// <summary>The type of a name, whatever its case.</summary>
    public static GgmlType? Find(string name) => Known.Values.FirstOrDefault(type => type.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    public static bool IsRemoved(uint id) => Removed.Contains(id);

    /// <summary>Whether elements share a scale with others of their block.</summary>
    public bool IsQuantized => BlockLength > 1;

    /// <summary>
    /// Whether the CPU backend can multiply by a matrix of this type: integers, doubles and the two types of intermediate results have no kernel
    /// (<c>type_traits_cpu</c> in ggml/src/ggml-cpu/ggml-cpu.c), and calling it is an access to address zero.
    /// </summary>
    public bool IsMatrix => Name is not ("f64" or "i8" or "i16" or "i32" or "i64" or "q8_1" or "q8_K");
}
