using System.Text;
using LLama.Native;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.LLamaSharp;

/// <summary>Reads what a loaded model says about itself.</summary>
internal static class SharpMetadata
{
    public static Dictionary<string, string> Read(SafeLlamaModelHandle model)
    {
        int count = model.MetadataCount;
        var metadata = new Dictionary<string, string>(count, StringComparer.Ordinal);
        for (int index = 0; index < count; index++)
        {
            metadata[ToText(model.MetadataKeyByIndex(index))] = ToText(model.MetadataValueByIndex(index));
        }

        return metadata;
    }

    public static ModelDescription Describe(SafeLlamaModelHandle model, Dictionary<string, string> metadata, string? path) => new()
    {
        Name = metadata.GetValueOrDefault("general.name") is { Length: > 0 } name ? name
            : path is null ? model.Description
            : Path.GetFileNameWithoutExtension(path),
        Architecture = metadata.GetValueOrDefault("general.architecture", ""),
        ParameterCount = (long)model.ParameterCount,
        ByteCount = (long)model.SizeInBytes,
        TrainedContextLength = model.ContextSize,
        HiddenSize = model.EmbeddingSize,
        LayerCount = model.LayerCount,
    };

    private static string ToText(Memory<byte>? utf8) => utf8 is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : "";
}
