namespace LlamaProvider.Decoding.Constraints.Regex.Characters;

/// <summary>The sets that ECMA-262 gives to class escapes.</summary>
internal static class EcmaSets
{
    /// <summary><c>\d</c>.</summary>
    public static CodePointSet Digit { get; } = CodePointSet.Of('0', '9');

    /// <summary><c>\w</c>.</summary>
    public static CodePointSet Word { get; } = CodePointSet.OfRanges(new('0', '9'), new('A', 'Z'), new('_', '_'), new('a', 'z'));

    /// <summary><c>\s</c>: WhiteSpace and LineTerminator of ECMA-262, sections 12.2 and 12.3.</summary>
    public static CodePointSet Space { get; } = CodePointSet.OfRanges(
        new(0x09, 0x0D),
        new(' ', ' '),
        new(0xA0, 0xA0),
        new(0x1680, 0x1680),
        new(0x2000, 0x200A),
        new(0x2028, 0x2029),
        new(0x202F, 0x202F),
        new(0x205F, 0x205F),
        new(0x3000, 0x3000),
        new(0xFEFF, 0xFEFF));

    /// <summary>What <c>.</c> matches: everything but the four line terminators.</summary>
    public static CodePointSet Dot { get; } = CodePointSet.OfRanges(new('\n', '\n'), new('\r', '\r'), new(0x2028, 0x2029)).Complement();

    /// <summary>The set of a class escape by its letter; <see langword="null"/> for another letter.</summary>
    public static CodePointSet? Find(int letter) => letter switch
    {
        'd' => Digit,
        'D' => Digit.Complement(),
        'w' => Word,
        'W' => Word.Complement(),
        's' => Space,
        'S' => Space.Complement(),
        _ => null,
    };
}
