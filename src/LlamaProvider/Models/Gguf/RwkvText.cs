namespace LlamaProvider.Models.Gguf;

/// <summary>
/// RWKV vocabularies write bytes that are no text as escapes; this reads as <c>llama_unescape_rwkv_token</c> in src/llama-vocab.cpp does.
/// </summary>
internal static class RwkvText
{
    /// <summary>The first byte of a token and whether it is the only one; false for an empty token.</summary>
    public static bool TryReadFirst(ReadOnlySpan<byte> text, out byte first, out bool isOnly)
    {
        (first, isOnly) = (0, false);
        if (text.IsEmpty)
        {
            return false;
        }

        var used = 1;
        first = text[0];
        if (first == '\\')
        {
            if (text.Length < 2)
            {
                return false;
            }

            used = text[1] == 'x' ? 4 : 2;
            if (text.Length < used)
            {
                return false;
            }

            first = text[1] switch
            {
                (byte)'t' => (byte)'\t',
                (byte)'n' => (byte)'\n',
                (byte)'r' => (byte)'\r',
                (byte)'x' => unchecked((byte)((Nibble(text[2]) << 4) + Nibble(text[3]))),
                var other => other,
            };
        }

        isOnly = text.Length == used;
        return true;
    }

    /// <summary>No check for digits, and none for capitals, because llama.cpp has none: the byte it computes is the one that matters.</summary>
    private static int Nibble(byte character) => character >= 'a' ? character - 'a' + 10 : character - '0';
}
