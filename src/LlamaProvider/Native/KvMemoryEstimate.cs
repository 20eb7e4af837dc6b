using System.Globalization;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Native;

/// <summary>
/// Bytes that a KV memory needs, from the model's metadata. llama.cpp clears the memory when it creates it, so asking for more than the machine has
/// does not fail: the system kills the process.
/// </summary>
internal static class KvMemoryEstimate
{
    public static void CheckFits(ILanguageModel model, int length, ContextOptions options)
    {
        long needed = Bytes(model, length, options);
        long available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (needed > available)
        {
            throw new ContextCreationException(
                $"A context of {length} tokens needs about {Gibibytes(needed)} GiB for its keys and values, but this process has {Gibibytes(available)} GiB of memory. " +
                $"Lower {nameof(ContextOptions.ContextLength)}, or choose smaller KV types.");
        }
    }

    /// <summary>0 where the metadata does not tell the shape of the attention.</summary>
    public static long Bytes(ILanguageModel model, int length, ContextOptions options)
    {
        long heads = Number("attention.head_count");
        long keyValueHeads = Number("attention.head_count_kv", heads);
        long headSize = heads > 0 ? model.Description.HiddenSize / heads : 0;
        long keys = keyValueHeads * Number("attention.key_length", headSize);
        long values = keyValueHeads * Number("attention.value_length", headSize);
        double perCell = (keys * BytesPerValue(options.KeyType)) + (values * BytesPerValue(options.ValueType));
        return (long)(perCell * model.Description.LayerCount * length);

        long Number(string key, long otherwise = 0) =>
            model.Metadata.TryGetValue($"{model.Description.Architecture}.{key}", out string? text)
            && long.TryParse(text, CultureInfo.InvariantCulture, out long value)
                ? value
                : otherwise;
    }

    // Blocks of 32 values share a 16-bit scale.
    internal static double BytesPerValue(KvCacheType type) => type switch
    {
        KvCacheType.F32 => 4,
        KvCacheType.Q8_0 => 34.0 / 32,
        KvCacheType.Q4_0 => 18.0 / 32,
        _ => 2,
    };

    private static string Gibibytes(long bytes) => (bytes / (double)(1L << 30)).ToString("0.0", CultureInfo.InvariantCulture);
}
