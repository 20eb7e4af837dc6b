using System.Globalization;
using System.Text;
using LlamaProvider.Decoding.Constraints.Regex.Characters;

namespace LlamaProvider.Decoding.Constraints.Grammar.Syntax;

/// <summary>Reads what stands for characters and tokens themselves: quoted texts, classes and token references.</summary>
internal sealed class TerminalParser(GrammarSource source, TokenNames tokens)
{
    private const string Escapes = "Known are \\n \\r \\t \\\\ \\\" \\[ \\] \\- \\xHH \\uHHHH and \\UHHHHHHHH.";

    /// <summary>Whether any token reference was read.</summary>
    public bool RefersToTokens { get; private set; }

    /// <summary>Reads a text in quotation marks.</summary>
    public GrammarNode.Text ParseText()
    {
        int start = source.Position;
        source.Skip();
        var bytes = new List<byte>();
        Span<byte> encoded = stackalloc byte[4];
        while (source.Next != '"' || source.IsAtEnd)
        {
            int place = source.Position;
            int codePoint = ParseCharacter(start, "text", "\"");
            if (!Rune.TryCreate(codePoint, out Rune character))
            {
                throw source.Error(place, $"U+{codePoint:X4} is half of a surrogate pair, which no text has.", "Write the character that the pair stands for, as \\UHHHHHHHH.");
            }

            bytes.AddRange(encoded[..character.EncodeToUtf8(encoded)]);
        }

        source.Skip();
        return new GrammarNode.Text([.. bytes]);
    }

    /// <summary>Reads a class in brackets.</summary>
    public GrammarNode.Characters ParseClass()
    {
        int start = source.Position;
        source.Skip();
        bool isNegated = source.TrySkip("^");
        var ranges = new List<CodePointRange>();
        while (source.Next != ']' || source.IsAtEnd)
        {
            int place = source.Position;
            int first = ParseCharacter(start, "class", "]");
            int last = first;
            if (source.Next == '-' && !source.Follows("-]"))
            {
                source.Skip();
                last = ParseCharacter(start, "class", "]");
            }

            ranges.Add(first <= last ? new CodePointRange(first, last) : throw source.Error(
                place, $"The range from U+{first:X4} to U+{last:X4} runs backwards.", "Swap its ends; a minus sign that is meant literally is \\-."));
        }

        source.Skip();
        CodePointSet listed = CodePointSet.OfRanges([.. ranges]);
        CodePointSet set = isNegated ? listed.Complement() : listed;
        return ranges.Count > 0 && !set.IsEmpty ? new GrammarNode.Characters(set) : throw source.Error(
            start, "The class has no character.", "Write \"\" for the empty text, and . for any character.");
    }

    /// <summary>Reads a token reference.</summary>
    public GrammarNode.Token ParseToken()
    {
        int start = source.Position;
        bool isNegated = source.TrySkip("!");
        if (source.Next != '<')
        {
            throw source.Error(source.Position, $"A token is expected after '!', but {source.Shown()} follows.", "Write !<[id]> or !<name> for any token but that one; to exclude characters, write [^…].");
        }

        int nameStart = source.Position;
        string name = source.TakeWhile(static unit => unit != '>') + '>';
        if (!source.TrySkip(">"))
        {
            throw source.Error(source.Position, "The grammar ends inside a token reference.", "Close it with '>'.");
        }

        RefersToTokens = true;
        int token = name.StartsWith("<[", StringComparison.Ordinal) ? ParseId(nameStart, name) : Find(nameStart, name);
        return isNegated || tokens.CanFollow(token) ? new GrammarNode.Token(token, isNegated) : throw source.Error(
            nameStart, $"Token {token} ends the generation or stands for nothing, so no rule can go on with it.", "Leave it out: where the rule root may end, tokens that end the generation are legal.");
    }

    private int ParseId(int start, string name) =>
        name.EndsWith("]>", StringComparison.Ordinal) && int.TryParse(name.AsSpan(2, name.Length - 4), NumberStyles.None, CultureInfo.InvariantCulture, out int token) && tokens.Has(token)
            ? token
            : throw source.Error(start, $"{Shorten(name)} is no token of the model.", $"Write <[id]> with an id from 0 to {tokens.Count - 1}.");

    private int Find(int start, string name) => tokens.Find(name) switch
    {
        [int token] => token,
        [] => throw source.Error(start, $"No token of the model has the text {Shorten(name)}.", "A token is <[id]>, or its whole text where that has the form <…>; quote a text that may be several tokens."),
        [int first, int second, ..] => throw source.Error(start, $"Tokens {first} and {second} both have the text {Shorten(name)}.", $"Say which one is meant: <[{first}]> or <[{second}]>."),
    };

    private int ParseCharacter(int start, string what, string end)
    {
        if (source.IsAtEnd)
        {
            throw source.Error(start, $"The {what} that begins here has no end.", $"Close it with {end}.");
        }

        return source.Next == '\\' ? ParseEscape() : source.TakeCharacter().Value;
    }

    private int ParseEscape()
    {
        int start = source.Position;
        source.Skip();
        char letter = source.Next;
        source.Skip(source.IsAtEnd ? 0 : 1);
        return letter switch
        {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            '\\' or '"' or '[' or ']' or '-' => letter,
            'x' => ParseHex(start, 2),
            'u' => ParseHex(start, 4),
            'U' => ParseHex(start, 8),
            _ => throw source.Error(start, letter == 0 ? "A backslash ends the grammar." : $"The escape '\\{letter}' is not known.", Escapes),
        };
    }

    private int ParseHex(int start, int digits)
    {
        uint value = 0;
        for (int i = 0; i < digits; i++, source.Skip())
        {
            value = char.IsAsciiHexDigit(source.Next) ? (value << 4) + (uint)Convert.ToInt32(source.Next.ToString(), 16) : throw source.Error(
                start, $"The escape needs {digits} hexadecimal digits, but after {i} {source.Shown()} follows.", Escapes);
        }

        return value <= CodePointSet.MaxCodePoint ? (int)value : throw source.Error(
            start, $"U+{value:X} is above U+10FFFF, the last character.", "Write a code point of Unicode.");
    }

    private static string Shorten(string name) => name.Length <= 60 ? name : name[..60] + "…";
}
