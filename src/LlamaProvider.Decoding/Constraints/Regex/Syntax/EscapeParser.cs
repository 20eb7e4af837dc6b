using LlamaProvider.Decoding.Constraints.Regex.Characters;

namespace LlamaProvider.Decoding.Constraints.Regex.Syntax;

/// <summary>What follows a backslash, as far as it stands for characters: the same inside and outside brackets.</summary>
/// <remarks>ECMA-262 with its Annex B: an escape that means nothing is the character itself.</remarks>
internal static class EscapeParser
{
    /// <summary>Reads <c>\d</c>, <c>\p{…}</c> and their like; <see langword="null"/>, with nothing passed, when no class is next.</summary>
    public static CodePointSet? TryReadClass(PatternReader reader, bool ignoreCase)
    {
        if (EcmaSets.Find(reader.Peek()) is { } set)
        {
            reader.Position++;
            return set;
        }

        return reader.Peek() is 'p' or 'P' ? TryReadProperty(reader, ignoreCase) : null;
    }

    /// <summary>Reads an escape for one character.</summary>
    public static int ReadCharacter(PatternReader reader)
    {
        int start = reader.Position;
        int letter = reader.TakeCodePoint();
        switch (letter)
        {
            case 't':
                return '\t';
            case 'n':
                return '\n';
            case 'v':
                return '\v';
            case 'f':
                return '\f';
            case 'r':
                return '\r';
            case 'x':
                return reader.TakeHex(2) ?? 'x';
            case 'u':
                return ReadUnicode(reader, start);
            case 'c' when reader.Peek() is int control && control < 128 && char.IsAsciiLetter((char)Math.Max(control, 0)):
                reader.Position++;
                return control & 31;
            case 'c':
                // The backslash is the character, and the c is read again.
                reader.Position = start;
                return '\\';
            case >= '0' and <= '7':
                return ReadOctal(reader, letter - '0');
            default:
                return letter;
        }
    }

    private static int ReadUnicode(PatternReader reader, int start)
    {
        if (reader.Peek() == '{')
        {
            return ReadBraced(reader, start);
        }

        if (reader.TakeHex(4) is not { } unit)
        {
            return 'u';
        }

        int after = reader.Position;
        if (char.IsHighSurrogate((char)unit) && reader.TryTake("\\u") && reader.TakeHex(4) is { } second && char.IsLowSurrogate((char)second))
        {
            return char.ConvertToUtf32((char)unit, (char)second);
        }

        reader.Position = after;
        return unit;
    }

    private static int ReadBraced(PatternReader reader, int start)
    {
        int after = reader.Position++;
        string? digits = reader.TakeUntil('}');
        if (digits is null or "" || !digits.All(char.IsAsciiHexDigit))
        {
            reader.Position = after;
            return 'u';
        }

        string significant = digits.TrimStart('0');
        int value = significant.Length > 6 ? int.MaxValue : Convert.ToInt32("0" + significant, 16);
        return value <= CodePointSet.MaxCodePoint
            ? value
            : throw reader.Error(start - 1, $"'\\u{{{digits}}}' is no character, because the largest is \\u{{10FFFF}}.", "Write a character of Unicode.");
    }

    private static int ReadOctal(PatternReader reader, int value)
    {
        for (int i = 0; i < 2 && reader.Peek() is int digit and >= '0' and <= '7' && (value * 8) + digit - '0' <= 255; i++)
        {
            value = (value * 8) + digit - '0';
            reader.Position++;
        }

        return value;
    }

    private static CodePointSet? TryReadProperty(PatternReader reader, bool ignoreCase)
    {
        int start = reader.Position - 1;
        if (reader.Peek(1) != '{')
        {
            return null;
        }

        bool isNegated = reader.Peek() == 'P';
        reader.Position += 2;
        string name = reader.TakeUntil('}')
            ?? throw reader.Error(start, "the property is not closed.", "Write '}' after its name.");
        CodePointSet set = UnicodeProperties.Find(name) ?? throw reader.Error(
            start,
            $"the property '{name}' is not supported; general categories and a few binary properties are, scripts are not.",
            "Name a general category such as 'L' or 'Lu', or write the characters as ranges.");
        set = ignoreCase ? CaseFolding.Close(set) : set;
        return isNegated ? set.Complement() : set;
    }
}
