namespace LlamaProvider.Models.Info;

/// <summary>One tensor of a model file.</summary>
/// <param name="Name">Its name, such as <c>blk.0.attn_q.weight</c>.</param>
/// <param name="Shape">The elements in each dimension, the contiguous one first; at most four.</param>
/// <param name="Type">Its element type as llama.cpp's tools print it, such as <c>q4_K</c>.</param>
/// <param name="Elements">Its elements.</param>
/// <param name="Bytes">The bytes that they take.</param>
public sealed record LlamaTensorInfo(string Name, IReadOnlyList<long> Shape, string Type, long Elements, long Bytes);
