using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Regex.Characters;

namespace LlamaProvider.Decoding.Constraints.Regex.Encodings;

/// <summary>The inside of a JSON string (RFC 8259, section 7): UTF-8, with escapes. A surrogate stands only in a pair.</summary>
internal sealed class JsonStringEncoding : ICharacterEncoding
{
    private static readonly CodePointSet Raw = CodePointSet.Of(0x20, CodePointSet.MaxCodePoint).Intersect(CodePointSet.OfText("\"\\").Complement());

    private static readonly CodePointSet Controls = CodePointSet.Of(0, 0x1F);

    private static readonly (char Character, char Letter)[] ShortEscapes =
        [('"', '"'), ('\\', '\\'), ('/', '/'), ('\b', 'b'), ('\f', 'f'), ('\n', 'n'), ('\r', 'r'), ('\t', 't')];

    private static readonly DigitLayout Plane0 =
        new(0, 0xFFFF, 0, DigitPlace.Hex(4, 0, "u"), DigitPlace.Hex(4, 0), DigitPlace.Hex(4, 0), DigitPlace.Hex(4, 0));

    private static readonly DigitLayout HigherPlanes = new(
        0x10000,
        CodePointSet.MaxCodePoint,
        0x10000,
        DigitPlace.Hex(2, 8, "uD"),
        DigitPlace.Hex(4, 0),
        DigitPlace.Hex(4, 0),
        DigitPlace.Hex(2, 12, "\\uD"),
        DigitPlace.Hex(4, 0),
        DigitPlace.Hex(4, 0));

    private readonly bool _isEscapedFreely;
    private readonly EncodedSets _sets;

    private JsonStringEncoding(bool isEscapedFreely)
    {
        _isEscapedFreely = isEscapedFreely;
        _sets = new EncodedSets(EncodeNew);
    }

    /// <summary>Every spelling that JSON has: any character may be written as <c>\uXXXX</c>, or as its short escape if it has one.</summary>
    public static JsonStringEncoding Free { get; } = new(isEscapedFreely: true);

    /// <summary>
    /// Characters are escaped only where JSON requires it: <c>\"</c>, <c>\\</c>, and control characters, either short or as <c>\u00XX</c>. A text of a model that writes
    /// no other escapes is the same language with a much smaller automaton.
    /// </summary>
    public static JsonStringEncoding Sparing { get; } = new(isEscapedFreely: false);

    public ByteExpression Encode(CodePointSet set, ByteAlgebra algebra) => _sets.Encode(set, algebra);

    public ByteExpression AnyText(ByteAlgebra algebra) => algebra.Repetition(Encode(CodePointSet.All, algebra));

    private ByteExpression EncodeNew(CodePointSet set, ByteAlgebra algebra)
    {
        CodePointSet escaped = _isEscapedFreely ? set : set.Intersect(Controls);
        ByteExpression escapes = algebra.Choice(
            Letters(set, algebra),
            Plane0.Encode(escaped, algebra),
            HigherPlanes.Encode(escaped, algebra));
        return algebra.Choice(
            Utf8Encoding.Instance.Encode(set.Intersect(Raw), algebra),
            algebra.Sequence(algebra.Bytes(ByteSet.Of((byte)'\\')), escapes));
    }

    private ByteExpression Letters(CodePointSet set, ByteAlgebra algebra)
    {
        ByteSet letters = default;
        foreach ((char character, char letter) in ShortEscapes)
        {
            if (set.Contains(character) && (_isEscapedFreely || character != '/'))
            {
                letters |= ByteSet.Of((byte)letter);
            }
        }

        return algebra.Bytes(letters);
    }
}
