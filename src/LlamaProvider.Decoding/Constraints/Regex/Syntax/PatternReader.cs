using System.Globalization;

namespace LlamaProvider.Decoding.Constraints.Regex.Syntax;

/// <summary>The text of a regular expression and a place in it.</summary>
internal sealed class PatternReader(string pattern)
{
    public string Pattern { get; } = pattern;

    /// <summary>In UTF-16 units.</summary>
    public int Position { get; set; }

    public bool IsAtEnd => Position >= Pattern.Length;

    /// <summary>The next UTF-16 unit; −1 at the end.</summary>
    public int Peek(int ahead = 0) => Position + ahead < Pattern.Length ? Pattern[Position + ahead] : -1;

    /// <summary>Passes a text if it is next.</summary>
    public bool TryTake(string text)
    {
        if (string.CompareOrdinal(Pattern, Position, text, 0, text.Length) != 0)
        {
            return false;
        }

        Position += text.Length;
        return true;
    }

    /// <summary>Passes one character, which may be two UTF-16 units. A lone surrogate is itself.</summary>
    public int TakeCodePoint()
    {
        int first = Pattern[Position++];
        return char.IsHighSurrogate((char)first) && Peek() is int second && second >= 0 && char.IsLowSurrogate((char)second)
            ? char.ConvertToUtf32((char)first, Pattern[Position++])
            : first;
    }

    /// <summary>Passes that many hexadecimal digits if they are next.</summary>
    public int? TakeHex(int digits)
    {
        if (Position + digits > Pattern.Length
            || !int.TryParse(Pattern.AsSpan(Position, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value))
        {
            return null;
        }

        Position += digits;
        return value;
    }

    /// <summary>Passes decimal digits; <see langword="null"/> when none is next. A number that does not fit is the largest that does.</summary>
    public int? TakeDecimal()
    {
        int start = Position;
        long value = 0;
        while (Peek() is >= '0' and <= '9')
        {
            value = Math.Min((value * 10) + (Pattern[Position++] - '0'), int.MaxValue);
        }

        return Position == start ? null : (int)value;
    }

    /// <summary>Passes a text up to an end mark, and the mark; <see langword="null"/> when the mark does not come.</summary>
    public string? TakeUntil(char end)
    {
        int index = Pattern.IndexOf(end, Position);
        if (index < 0)
        {
            return null;
        }

        string text = Pattern[Position..index];
        Position = index + 1;
        return text;
    }

    public RegexSyntaxException Error(int position, string problem, string remedy) => new(Pattern, position, problem, remedy);
}
