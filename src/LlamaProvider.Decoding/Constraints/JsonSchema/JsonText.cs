using System.Text;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Regex.Characters;
using LlamaProvider.Decoding.Constraints.Regex.Encodings;

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
        CodePointSet plain = CodePointSet.Of(0x20, CodePointSet.MaxCodePoint).Intersect(CodePointSet.OfText("\"\\").Complement());
        ByteSet short0 = ByteSet.Range(0, 7) | ByteSet.Of(11) | ByteSet.Range(14, 15);
        ByteSet names = default;
        foreach (char name in ShortNames)
        {
            names |= ByteSet.Of((byte)name);
        }

        return algebra.Repetition(algebra.Choice(
            Utf8Encoding.Instance.Encode(plain, algebra),
            algebra.Sequence(algebra.Text("\\"u8), algebra.Bytes(names)),
            algebra.Sequence(algebra.Text("\\u000"u8), algebra.Bytes(Digits(short0))),
            algebra.Sequence(algebra.Text("\\u001"u8), algebra.Bytes(Digits(ByteSet.Range(0, 15))))));
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
}
