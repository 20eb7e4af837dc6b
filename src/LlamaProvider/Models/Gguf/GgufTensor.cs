namespace LlamaProvider.Models.Gguf;

/// <summary>What a file says about one tensor: nothing of it but the place of the description is checked yet.</summary>
/// <param name="Name">The tensor's name, such as <c>blk.0.attn_q.weight</c>.</param>
/// <param name="Dimensions">The elements in each dimension, the contiguous one first; at most four.</param>
/// <param name="TypeId">The number of the element type (see <see cref="GgmlType"/>).</param>
/// <param name="Offset">Where its bytes start, counted from the start of the data section.</param>
internal sealed record GgufTensor(string Name, IReadOnlyList<ulong> Dimensions, uint TypeId, ulong Offset)
{
    /// <summary>The elements of one row: the contiguous dimension.</summary>
    public ulong RowLength => Dimensions.Count > 0 ? Dimensions[0] : 1;

    /// <summary>The size of a dimension; 1 past the last one, as in ggml.</summary>
    public ulong Dimension(int index) => index < Dimensions.Count ? Dimensions[index] : 1;

    /// <summary>The element type. Known of a tensor that <see cref="TensorRules"/> accept, as are the two sizes below.</summary>
    public GgmlType Type => GgmlType.Find(TypeId)!;

    public long Elements => Dimensions.Aggregate(1L, (product, dimension) => product * (long)dimension);

    public long Bytes => Elements / Type.BlockLength * Type.BlockBytes;

    /// <summary>The dimensions as messages write them, such as <c>[64, 4096]</c>.</summary>
    public string Shape => $"[{string.Join(", ", Dimensions)}]";
}
