namespace LlamaProvider.Decoding.Constraints.Regex.Syntax;

/// <summary>What a group does with its body.</summary>
internal enum GroupKind
{
    /// <summary>It matches the body.</summary>
    Plain,

    /// <summary>It asks that the body follows.</summary>
    Ahead,

    /// <summary>It asks that the body precedes.</summary>
    Behind,

    /// <summary>It has no body: a comment, or flags for what follows.</summary>
    Nothing,
}

/// <summary>What stands between a group's parenthesis and its body.</summary>
/// <param name="Kind">What the group does.</param>
/// <param name="IsNegated">Whether it asks for the opposite.</param>
/// <param name="IgnoreCase">Whether case matters no more from here on, or matters again; <see langword="null"/> when that does not change.</param>
/// <param name="DotIsAll">The same of a dot that matches line terminators.</param>
internal readonly record struct GroupHead(GroupKind Kind, bool IsNegated = false, bool? IgnoreCase = null, bool? DotIsAll = null)
{
    /// <summary>Reads from behind the parenthesis.</summary>
    /// <param name="reader">The pattern.</param>
    /// <param name="start">Where the parenthesis is.</param>
    public static GroupHead Read(PatternReader reader, int start)
    {
        if (!reader.TryTake("?"))
        {
            return new GroupHead(GroupKind.Plain);
        }

        if (reader.TryTake(":"))
        {
            return new GroupHead(GroupKind.Plain);
        }

        if (reader.TryTake("=") || reader.TryTake("!"))
        {
            return new GroupHead(GroupKind.Ahead, reader.Pattern[reader.Position - 1] == '!');
        }

        if (reader.TryTake("<=") || reader.TryTake("<!"))
        {
            return new GroupHead(GroupKind.Behind, reader.Pattern[reader.Position - 1] == '!');
        }

        if (reader.TryTake("#"))
        {
            return reader.TakeUntil(')') is null ? throw NotClosed(reader, start) : new GroupHead(GroupKind.Nothing);
        }

        if (reader.TryTake("<") || reader.TryTake("P<"))
        {
            return reader.TakeUntil('>') is { Length: > 0 }
                ? new GroupHead(GroupKind.Plain)
                : throw reader.Error(start, "the group has no name between '<' and '>'.", "Name it, or write '(' alone.");
        }

        return ReadFlags(reader, start);
    }

    private static GroupHead ReadFlags(PatternReader reader, int start)
    {
        bool value = true;
        bool? ignoreCase = null;
        bool? dotIsAll = null;
        for (; ; reader.Position++)
        {
            switch (reader.Peek())
            {
                case 'i':
                    ignoreCase = value;
                    break;
                case 's':
                    dotIsAll = value;
                    break;
                case 'u':
                    // Patterns are over code points in any case.
                    break;
                case '-' when value:
                    value = false;
                    break;
                case ')' or ':' when reader.Position > start + 2:
                    bool hasBody = reader.Pattern[reader.Position++] == ':';
                    return new GroupHead(hasBody ? GroupKind.Plain : GroupKind.Nothing, IgnoreCase: ignoreCase, DotIsAll: dotIsAll);
                default:
                    throw Unknown(reader, start);
            }
        }
    }

    private static RegexSyntaxException NotClosed(PatternReader reader, int start) =>
        reader.Error(start, "the group is not closed.", "Write ')' at its end, or '\\(' for the character.");

    private static RegexSyntaxException Unknown(PatternReader reader, int start) => reader.Peek() switch
    {
        '>' => reader.Error(
            start,
            "the atomic group '(?>' depends on the order in which a matcher tries, not only on the text.",
            "Write '(?:', and check that the meaning is still the one you want."),
        'P' when reader.Peek(1) == '=' => reader.Error(
            start,
            "a back-reference asks for the text that a group matched, which no regular language can.",
            "Write out the texts that may be repeated, as in '(?:aa|bb)' for '(a|b)\\1'."),
        -1 => NotClosed(reader, start),
        _ => reader.Error(
            start,
            $"the group '{reader.Pattern[start..(reader.Position + 1)]}' is not supported.",
            "Use '(', '(?:', '(?<name>', '(?=', '(?!', '(?<=', '(?<!', '(?i)' or '(?s)'."),
    };
}
