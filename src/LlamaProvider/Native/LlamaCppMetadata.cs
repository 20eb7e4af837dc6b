using System.Runtime.InteropServices;
using System.Text;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Native.Handles;
using LlamaProvider.Native.Interop;

namespace LlamaProvider.Native;

/// <summary>Reads what a loaded model says about itself.</summary>
internal static unsafe class LlamaCppMetadata
{
    private delegate int ReadString(byte* buffer, nuint size);

    public static Dictionary<string, string> Read(ModelHandle model)
    {
        int count = LibLlama.ModelMetadataCount(model);
        var metadata = new Dictionary<string, string>(count, StringComparer.Ordinal);
        for (int index = 0; index < count; index++)
        {
            string key = ReadText((buffer, size) => LibLlama.ModelMetadataKey(model, index, buffer, size));
            metadata[key] = ReadText((buffer, size) => LibLlama.ModelMetadataValue(model, index, buffer, size));
        }

        return metadata;
    }

    public static string? ReadChatTemplate(ModelHandle model) => Marshal.PtrToStringUTF8((nint)LibLlama.ModelChatTemplate(model, null));

    public static ModelDescription Describe(ModelHandle model, Dictionary<string, string> metadata, string path) => new()
    {
        Name = metadata.GetValueOrDefault("general.name") is { Length: > 0 } name ? name : Path.GetFileNameWithoutExtension(path),
        Architecture = metadata.GetValueOrDefault("general.architecture", ""),
        ParameterCount = (long)LibLlama.ModelParameterCount(model),
        ByteCount = (long)LibLlama.ModelSize(model),
        TrainedContextLength = LibLlama.ModelTrainedContext(model),
        HiddenSize = LibLlama.ModelOutputEmbeddingSize(model),
        LayerCount = LibLlama.ModelLayerCount(model),
    };

    /// <summary>The native calls return the full length and cut what does not fit, so a second call with that size gets the rest.</summary>
    private static string ReadText(ReadString read)
    {
        int length;
        Span<byte> small = stackalloc byte[512];
        fixed (byte* buffer = small)
        {
            length = read(buffer, (nuint)small.Length);
            if (length < small.Length)
            {
                return length <= 0 ? "" : Encoding.UTF8.GetString(small[..length]);
            }
        }

        byte[] large = new byte[length + 1];
        fixed (byte* buffer = large)
        {
            read(buffer, (nuint)large.Length);
        }

        return Encoding.UTF8.GetString(large, 0, length);
    }
}
