namespace LlamaProvider.Models.Gguf;

/// <summary>
/// Tensors have a type that the operation they take part in can read: ggml's CPU backend aborts or dereferences null over any other
/// (ggml/src/ggml-cpu/binary-ops.cpp, ggml-cpu.c). Converters write vectors, norms and biases as f32 in every quantization.
/// </summary>
internal static class TensorTypeRules
{
    public static void Check(GgufFile file, GgufTensor tensor, GgmlType type)
    {
        if (IsAddedOrScaled(tensor) && type.Id != GgmlType.F32)
        {
            throw file.Error(
                $"tensor '{tensor.Name}' has type {type.Name}; vectors, norms, biases and convolutions must be f32. {Remedy.ConvertAgain}");
        }

        if (tensor.Name.EndsWith(".weight", StringComparison.Ordinal) && !type.IsMatrix && !IsLookupTable(tensor))
        {
            throw file.Error($"tensor '{tensor.Name}' has type {type.Name}, in which weights cannot be multiplied. {Remedy.ConvertAgain}");
        }
    }

    private static bool IsAddedOrScaled(GgufTensor tensor) =>
        EndsWithAny(tensor.Name, ".bias", ".scale", ".input_scale", "_norm.weight", "_conv1d.weight", ".shortconv.conv.weight", "token_types.weight")
        || (tensor.Dimensions.Count <= 1 && tensor.Name.EndsWith(".weight", StringComparison.Ordinal));

    /// <summary>DeepSeek-V4 looks up experts by token: integers that are read, not multiplied.</summary>
    private static bool IsLookupTable(GgufTensor tensor) => tensor.Name.EndsWith(".ffn_gate_tid2eid.weight", StringComparison.Ordinal);

    private static bool EndsWithAny(string name, params ReadOnlySpan<string> suffixes)
    {
        foreach (var suffix in suffixes)
        {
            if (name.EndsWith(suffix, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
