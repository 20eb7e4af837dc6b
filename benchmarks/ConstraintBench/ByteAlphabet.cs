using System.Text;

namespace LlamaProvider.Benchmarks.Constraints;

/// <summary>GPT-2's way to write any bytes as text: printable characters of Latin-1 stand for themselves, the others follow from U+0100 on.</summary>
internal static class ByteAlphabet
{
    private static readonly char[] _characters = Create();

    public static string Write(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (byte value in bytes)
        {
            text.Append(_characters[value]);
        }

        return text.ToString();
    }

    private static char[] Create()
    {
        int others = 0x100;
        return [.. Enumerable.Range(0, 256).Select(value => (char)(value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE ? value : others++))];
    }
}
