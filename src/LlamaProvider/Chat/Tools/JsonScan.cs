using System.Text;
using System.Text.Json;

namespace LlamaProvider.Chat.Tools;

/// <summary>Finds JSON in text.</summary>
internal static class JsonScan
{
    /// <summary>How many characters the object or array takes that begins at a place; <see langword="null"/> when none begins there, or it is not whole.</summary>
    public static int? LengthAt(string text, int start)
    {
        if (start >= text.Length || text[start] is not ('{' or '['))
        {
            return null;
        }

        byte[] bytes = Encoding.UTF8.GetBytes(text[start..]);
        var reader = new Utf8JsonReader(bytes, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = 1000 }));
        try
        {
            return reader.Read() && reader.TrySkip() ? Encoding.UTF8.GetCharCount(bytes.AsSpan(0, (int)reader.BytesConsumed)) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
