using System.Text;
using LlamaProvider.Decoding.Constraints.Automata;

namespace LlamaProvider.Decoding.Constraints.JsonSchema;

/// <summary>The one canonical spelling of a text inside a JSON string: a character stands for itself unless JSON forbids it, and then for its shortest escape.</summary>
internal static class JsonText
{
    private const string ShortEscapes = "\"\\\b\f\n\r\t";
    private const string ShortNames = "\"\\bfnrt";

    /// <summary>Spells a text, without the quotation marks.</summary>
    public static byte[] Spell(string text)
    {
        var spelled = new StringBuilder(text.Length);
        foreach (char value in text)
        {
            int index = ShortEscapes.IndexOf(value, StringComparison.Ordinal);
            _ = index >= 0 ? spelled.Append('\\').Append(ShortNames[index])
                : value < ' ' ? spelled.Append($"\\u{(int)value:x4}")
                : spelled.Append(value);
        }

        return Encoding.UTF8.GetBytes(spelled.ToString());
    }

    /// <summary>Every text in its canonical spelling.</summary>
    public static ByteExpression AnyCanonical(ByteAlgebra algebra)
    {
        ByteSet plain = ByteSet.Range(0x20, 0x7f) & ~(ByteSet.Of((byte)'"') | ByteSet.Of((byte)'\\'));
        ByteSet short0 = ByteSet.Range(0, 7) | ByteSet.Of(11) | ByteSet.Range(14, 15);
        ByteSet names = default;
        foreach (char name in ShortNames)
        {
            names |= ByteSet.Of((byte)name);
        }

        return algebra.Repetition(algebra.Choice(
            algebra.Bytes(plain),
            algebra.Sequence(algebra.Text("\\"u8), algebra.Bytes(names)),
            algebra.Sequence(algebra.Text("\\u000"u8), algebra.Bytes(Digits(short0))),
            algebra.Sequence(algebra.Text("\\u001"u8), algebra.Bytes(Digits(ByteSet.Range(0, 15)))),
            MultiByte(algebra)));
    }

    private static ByteSet Digits(ByteSet values)
    {
        ByteSet digits = default;
        for (byte value = 0; value < 16; value++)
        {
            digits |= values.Contains(value) ? ByteSet.Of((byte)"0123456789abcdef"[value]) : default;
        }

        return digits;
    }

    /// <summary>The characters that UTF-8 writes with several bytes (RFC 3629, section 4).</summary>
    private static ByteExpression MultiByte(ByteAlgebra algebra)
    {
        ByteExpression tail = algebra.Bytes(ByteSet.Range(0x80, 0xbf));
        ByteExpression Lead(byte first, byte last) => algebra.Bytes(ByteSet.Range(first, last));
        return algebra.Choice(
            algebra.Sequence(Lead(0xc2, 0xdf), tail),
            algebra.Sequence(Lead(0xe0, 0xe0), Lead(0xa0, 0xbf), tail),
            algebra.Sequence(Lead(0xe1, 0xec), tail, tail),
            algebra.Sequence(Lead(0xed, 0xed), Lead(0x80, 0x9f), tail),
            algebra.Sequence(Lead(0xee, 0xef), tail, tail),
            algebra.Sequence(Lead(0xf0, 0xf0), Lead(0x90, 0xbf), tail, tail),
            algebra.Sequence(Lead(0xf1, 0xf3), tail, tail, tail),
            algebra.Sequence(Lead(0xf4, 0xf4), Lead(0x80, 0x8f), tail, tail));
    }
}
