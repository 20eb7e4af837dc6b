using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Regex.Characters;

namespace LlamaProvider.Decoding.Constraints.Regex.Encodings;

/// <summary>UTF-8 as it is: the shortest form, no surrogates (RFC 3629).</summary>
internal sealed class Utf8Encoding : ICharacterEncoding
{
    private static readonly DigitLayout[] Layouts =
    [
        new(0, 0x7F, 0, DigitPlace.Byte(7, 0)),
        new(0x80, 0x7FF, 0, DigitPlace.Byte(5, 0xC0), DigitPlace.Byte(6, 0x80)),
        new(0x800, 0xFFFF, 0, DigitPlace.Byte(4, 0xE0), DigitPlace.Byte(6, 0x80), DigitPlace.Byte(6, 0x80)),
        new(0x10000, 0x10FFFF, 0, DigitPlace.Byte(3, 0xF0), DigitPlace.Byte(6, 0x80), DigitPlace.Byte(6, 0x80), DigitPlace.Byte(6, 0x80)),
    ];

    private readonly EncodedSets _sets = new(static (set, algebra) => algebra.Choice([.. Layouts.Select(layout => layout.Encode(set, algebra))]));

    private Utf8Encoding()
    {
    }

    public static Utf8Encoding Instance { get; } = new();

    public ByteExpression Encode(CodePointSet set, ByteAlgebra algebra) => _sets.Encode(set, algebra);

    public ByteExpression AnyText(ByteAlgebra algebra) => algebra.Repetition(Encode(CodePointSet.All, algebra));
}
