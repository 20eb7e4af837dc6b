namespace LlamaProvider.Models.Gguf;

/// <summary>
/// Tensors are where their descriptions say, whole, and of a type that the runtime knows. llama.cpp requires more than the format does: tensors
/// follow each other in file order, each starting at the first aligned place after the one before (ggml/src/gguf.cpp).
/// </summary>
internal static class TensorRules
{
    public static void Check(IReadOnlyList<GgufFile> files)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            CheckPlaces(file);
            foreach (var tensor in file.Tensors)
            {
                if (!names.Add(tensor.Name))
                {
                    throw file.Error($"the tensor '{tensor.Name}' appears twice. {Remedy.ConvertAgain}");
                }
            }
        }

        if (names.Count == 0)
        {
            throw files[0].Error("it has no tensors: it holds a vocabulary or metadata only. Choose the model file.");
        }
    }

    private static void CheckPlaces(GgufFile file)
    {
        var expected = 0L;
        foreach (var tensor in file.Tensors)
        {
            CheckOffset(file, tensor, expected);
            var type = TypeOf(file, tensor);
            var bytes = BytesOf(file, tensor, type);
            TensorTypeRules.Check(file, tensor, type);
            var end = (UInt128)(file.DataOffset + expected) + bytes;
            if (end > (UInt128)file.Length)
            {
                throw file.Error($"the file has {file.Length} bytes; tensor '{tensor.Name}' needs {end}. {Remedy.CopyAgain}");
            }

            expected = AlignUp(expected + (long)bytes, file.Alignment);
        }
    }

    private static void CheckOffset(GgufFile file, GgufTensor tensor, long expected)
    {
        if (tensor.Offset % file.Alignment != 0)
        {
            throw file.Error(
                $"tensor '{tensor.Name}' has the offset {tensor.Offset}, which is no multiple of the alignment {file.Alignment}. " +
                $"{Remedy.ConvertAgain}");
        }

        if (tensor.Offset != (ulong)expected)
        {
            var fault = tensor.Offset < (ulong)expected ? "overlaps the tensor before it" : "leaves a gap after the tensor before it";
            throw file.Error($"tensor '{tensor.Name}' has the offset {tensor.Offset} and {fault}; it must be {expected}. {Remedy.ConvertAgain}");
        }

        var place = file.DataOffset + expected;
        if (place % GgufLimits.MappedAlignment != 0)
        {
            throw file.Error(
                $"tensor '{tensor.Name}' starts at byte {place}; the runtime maps tensors at multiples of {GgufLimits.MappedAlignment}. " +
                $"{Remedy.ConvertAgain}");
        }
    }

    private static GgmlType TypeOf(GgufFile file, GgufTensor tensor) =>
        GgmlType.Find(tensor.TypeId) ?? throw file.Error(GgmlType.IsRemoved(tensor.TypeId)
            ? $"tensor '{tensor.Name}' has type {tensor.TypeId}, which llama.cpp has removed. Download a newer quantization of the model."
            : $"tensor '{tensor.Name}' has type {tensor.TypeId}, which is unknown. {Remedy.TooNew}");

    private static ulong BytesOf(GgufFile file, GgufTensor tensor, GgmlType type)
    {
        if (tensor.RowLength % type.BlockLength != 0)
        {
            throw file.Error(
                $"tensor '{tensor.Name}' has rows of {tensor.RowLength} elements; type {type.Name} needs a multiple of {type.BlockLength}. " +
                $"{Remedy.ConvertAgain}");
        }

        try
        {
            // Elements and bytes are signed 64-bit numbers in ggml.
            var elements = tensor.Dimensions.Aggregate(1L, (product, dimension) => checked(product * (long)dimension));
            return (ulong)checked(elements / type.BlockLength * type.BlockBytes);
        }
        catch (OverflowException)
        {
            throw file.Error($"tensor '{tensor.Name}' has the dimensions {tensor.Shape}, more than 64 bits can count. {Remedy.CopyAgain}");
        }
    }

    private static long AlignUp(long value, uint alignment) => (value + alignment - 1) / alignment * alignment;
}
