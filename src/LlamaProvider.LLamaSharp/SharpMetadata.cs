using System.Globalization;
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

    public static ModelDescription Describe(SafeLlamaModelHandle model, Dictionary<string, string> metadata, string? path)
    {
        string architecture = metadata.GetValueOrDefault("general.architecture", "");

        // LLamaSharp tells the width of the layers; that of what comes out may be smaller.
        bool narrows = int.TryParse(metadata.GetValueOrDefault($"{architecture}.embedding_length_out"), CultureInfo.InvariantCulture, out int width) && width > 0;
        return new ModelDescription
        {
            Name = metadata.GetValueOrDefault("general.name") is { Length: > 0 } name ? name
                : path is null ? model.Description
                : Path.GetFileNameWithoutExtension(path),
            Architecture = architecture,
            ParameterCount = (long)model.ParameterCount,
            ByteCount = (long)model.SizeInBytes,
            TrainedContextLength = model.ContextSize,
            HiddenSize = narrows ? width : model.EmbeddingSize,
            LayerCount = model.LayerCount,
        };
    }

    private static string ToText(Memory<byte>? utf8) => utf8 is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : "";
}
