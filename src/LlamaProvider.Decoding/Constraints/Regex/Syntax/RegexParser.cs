using LlamaProvider.Decoding.Constraints.Regex.Characters;

namespace LlamaProvider.Decoding.Constraints.Regex.Syntax;

/// <summary>Reads a regular expression.</summary>
/// <remarks>
/// <para>
/// The dialect is that of JSON Schema's <c>pattern</c>: ECMA-262 over code points (as with the flag <c>u</c>), lenient as its Annex B where a text would otherwise be an
/// error: an escape without a meaning is the character, and so are a lone <c>{</c>, <c>}</c> and <c>]</c>. What writers of Python and PCRE use is understood where ECMA-262
/// has nothing to say: <c>\A</c>, <c>\Z</c> and <c>\z</c> (the very end, as in Python), <c>(?i)</c> and <c>(?s)</c> for the rest of a group, <c>(?P&lt;name&gt;…)</c>,
/// <c>(?#…)</c>.
/// </para>
/// <para>What no regular language can do (back-references, conditions on groups, recursion) and what depends on the order of trying (atomic and possessive forms) is an error.</para>
/// </remarks>
internal sealed class RegexParser
{
    private static readonly SetNode WordCharacter = new(EcmaSets.Word);

    private readonly PatternReader _reader;
    private readonly ConstraintLimits _limits;
    private readonly int _groups;
    private int _depth;
    private bool _ignoreCase;
    private bool _dotIsAll;

    private RegexParser(string pattern, ConstraintLimits limits)
    {
        _reader = new PatternReader(pattern);
        _limits = limits;
        _groups = CountGroups(pattern);
    }

    /// <exception cref="RegexSyntaxException">The pattern is malformed or not regular.</exception>
    /// <exception cref="ConstraintTooComplexException">The pattern passes a limit.</exception>
    public static RegexNode Parse(string pattern, ConstraintLimits limits)
    {
        if (pattern.Length > limits.PatternLength)
        {
            throw TooComplex("has", pattern.Length, "characters", limits.PatternLength, nameof(ConstraintLimits.PatternLength));
        }

        var parser = new RegexParser(pattern, limits);
        RegexNode node = parser.ReadAlternation();
        return parser._reader.IsAtEnd
            ? node
            : throw parser._reader.Error(parser._reader.Position, "the ')' closes no group.", "Remove it, or write '\\)' for the character.");
    }

    private static ConstraintTooComplexException TooComplex(string verb, long value, string unit, long limit, string name) => new(
        $"A regular expression {verb} {value:N0} {unit}, more than the {limit:N0} allowed. Simplify it, or raise the limit {nameof(ConstraintLimits)}.{name}.");

    private RegexNode ReadAlternation()
    {
        var parts = new List<RegexNode>();
        do
        {
            parts.Add(ReadSequence());
        }
        while (_reader.TryTake("|"));

        return parts is [RegexNode only] ? only : new AlternationNode(parts);
    }

    private RegexNode ReadSequence()
    {
        var parts = new List<RegexNode>();
        while (_reader.Peek() is not (-1 or '|' or ')'))
        {
            RegexNode part = ReadQuantified();
            if (part is not SequenceNode { Parts.Count: 0 })
            {
                parts.Add(part);
            }
        }

        return parts is [RegexNode only] ? only : new SequenceNode(parts);
    }

    private RegexNode ReadQuantified()
    {
        RegexNode part = ReadAtom();
        int start = _reader.Position;
        if (QuantifierParser.TryRead(_reader) is not var (min, max))
        {
            return part;
        }

        int largest = Math.Max(min, max == int.MaxValue ? 0 : max);
        if (largest > _limits.RepetitionCount)
        {
            throw TooComplex("repeats", largest, "times", _limits.RepetitionCount, nameof(ConstraintLimits.RepetitionCount));
        }

        if (max < min)
        {
            throw _reader.Error(start, $"the repetition '{_reader.Pattern[start.._reader.Position]}' ends before it begins.", "Swap its counts.");
        }

        return QuantifierParser.Repeat(part, min, max);
    }

    private RegexNode ReadAtom()
    {
        int start = _reader.Position;
        switch (_reader.Peek())
        {
            case '^':
                _reader.Position++;
                return new StartNode();
            case '$':
                _reader.Position++;
                return new EndNode();
            case '.':
                _reader.Position++;
                return new SetNode(_dotIsAll ? CodePointSet.All : EcmaSets.Dot);
            case '[':
                _reader.Position++;
                return new SetNode(ClassParser.Read(_reader, _ignoreCase));
            case '(':
                _reader.Position++;
                return ReadGroup(start);
            case '\\':
                _reader.Position++;
                return ReadEscape(start);
            default:
                return QuantifierParser.TryRead(_reader) is null
                    ? Character(_reader.TakeCodePoint())
                    : throw _reader.Error(
                        start,
                        $"there is nothing for '{_reader.Pattern[start.._reader.Position]}' to repeat.",
                        "Write what to repeat before it, or escape it with a backslash for the characters.");
        }
    }

    private SetNode Character(int codePoint)
    {
        CodePointSet set = CodePointSet.Of(codePoint);
        return new SetNode(_ignoreCase ? CaseFolding.Close(set) : set);
    }

    private RegexNode ReadGroup(int start)
    {
        if (++_depth > _limits.PatternDepth)
        {
            throw TooComplex("opens", _depth, "groups at once", _limits.PatternDepth, nameof(ConstraintLimits.PatternDepth));
        }

        (bool ignoreCase, bool dotIsAll) = (_ignoreCase, _dotIsAll);
        GroupHead head = GroupHead.Read(_reader, start);
        _ignoreCase = head.IgnoreCase ?? _ignoreCase;
        _dotIsAll = head.DotIsAll ?? _dotIsAll;
        RegexNode node = RegexNode.Empty;
        if (head.Kind != GroupKind.Nothing)
        {
            RegexNode body = ReadAlternation();
            if (!_reader.TryTake(")"))
            {
                throw _reader.Error(start, "the group is not closed.", "Write ')' at its end, or '\\(' for the character.");
            }

            node = Build(head, body, start);
            (_ignoreCase, _dotIsAll) = (ignoreCase, dotIsAll);
        }

        _depth--;
        return node;
    }

    private RegexNode Build(GroupHead head, RegexNode body, int start) => head.Kind switch
    {
        GroupKind.Ahead => new LookaheadNode(body, head.IsNegated),
        GroupKind.Behind when body.LooksAhead => throw _reader.Error(
            start,
            "the look behind has a condition on what follows in it ('$', '\\b' or a look ahead), which is not supported.",
            "Move that condition out of the look behind."),
        GroupKind.Behind => new LookbehindNode(body, head.IsNegated),
        _ => body,
    };

    private RegexNode ReadEscape(int start)
    {
        if (_reader.IsAtEnd)
        {
            throw _reader.Error(start, "the last backslash escapes nothing.", "Write '\\\\' for the character.");
        }

        if (EscapeParser.TryReadClass(_reader, _ignoreCase) is { } set)
        {
            return new SetNode(set);
        }

        switch (_reader.Peek())
        {
            case 'b' or 'B':
                return Boundary(isNegated: _reader.Pattern[_reader.Position++] == 'B');
            case 'A':
                _reader.Position++;
                return new StartNode();
            case 'Z' or 'z':
                _reader.Position++;
                return new EndNode();
            default:
                ThrowIfReference(start);
                return Character(EscapeParser.ReadCharacter(_reader));
        }
    }

    /// <summary>A place where one side is a word character and the other is not, or the opposite.</summary>
    private static AlternationNode Boundary(bool isNegated) => new(
    [
        new SequenceNode([new LookbehindNode(WordCharacter, isNegated: false), new LookaheadNode(WordCharacter, !isNegated)]),
        new SequenceNode([new LookbehindNode(WordCharacter, isNegated: true), new LookaheadNode(WordCharacter, isNegated)]),
    ]);

    private void ThrowIfReference(int start)
    {
        int after = _reader.Position;
        bool isName = _reader.TryTake("k<");
        if (isName || (_reader.Peek() is >= '1' and <= '9' && _reader.TakeDecimal() <= _groups))
        {
            throw _reader.Error(
                start,
                "a back-reference asks for the text that a group matched, which no regular language can.",
                "Write out the texts that may be repeated, as in '(?:aa|bb)' for '(a|b)\\1'.");
        }

        // A number above the groups there are is an octal escape, or the digit itself.
        _reader.Position = after;
    }

    private static int CountGroups(string pattern)
    {
        int count = 0;
        bool inClass = false;
        for (int i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '\\':
                    i++;
                    break;
                case '[':
                    inClass = true;
                    break;
                case ']':
                    inClass = false;
                    break;
                case '(' when !inClass:
                    bool isSpecial = i + 1 < pattern.Length && pattern[i + 1] == '?';
                    bool isNamed = isSpecial && (IsAt(i + 2, "P<") || (IsAt(i + 2, "<") && !IsAt(i + 3, "=") && !IsAt(i + 3, "!")));
                    count += isSpecial && !isNamed ? 0 : 1;
                    break;
            }
        }

        return count;

        bool IsAt(int index, string text) => string.CompareOrdinal(pattern, index, text, 0, text.Length) == 0;
    }
}
