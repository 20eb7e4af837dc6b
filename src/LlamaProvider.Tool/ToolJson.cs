using System.Text.Encodings.Web;
using System.Text.Json;

namespace LlamaProvider.Tool;

/// <summary>How all commands write JSON: names in camel case, indented, letters of all languages as they are.</summary>
internal static class ToolJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);
}
