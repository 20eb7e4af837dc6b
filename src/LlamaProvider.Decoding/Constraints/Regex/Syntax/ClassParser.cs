using LlamaProvider.Decoding.Constraints.Regex.Characters;

namespace LlamaProvider.Decoding.Constraints.Regex.Syntax;

/// <summary>A class in brackets, from behind the opening one to the closing one.</summary>
internal static class ClassParser
{
    public static CodePointSet Read(PatternReader reader, bool ignoreCase)
    {
        int start = reader.Position - 1;
        bool isNegated = reader.TryTake("^");
        var ranges = new List<CodePointRange>();
        var classes = new List<CodePointSet>();
        while (!reader.TryTake("]"))
        {
            ReadMember(reader, start, ignoreCase, ranges, classes);
        }

        CodePointSet set = CodePointSet.OfRanges([.. ranges]);
        set = classes.Aggregate(ignoreCase ? CaseFolding.Close(set) : set, static (union, next) => union.Union(next));
        return isNegated ? set.Complement() : set;
    }

    private static void ReadMember(PatternReader reader, int start, bool ignoreCase, List<CodePointRange> ranges, List<CodePointSet> classes)
    {
        int position = reader.Position;
        (int first, CodePointSet? set) = ReadAtom(reader, start, ignoreCase);
        if (reader.Peek() != '-' || reader.Peek(1) is ']' or -1)
        {
            Add(first, first, set);
            return;
        }

        int dash = reader.Position++;
        (int last, CodePointSet? lastSet) = ReadAtom(reader, start, ignoreCase);
        if (set is not null || lastSet is not null)
        {
            // Annex B: beside a class such as \w the dash is a character.
            reader.Position = dash;
            Add(first, first, set);
            return;
        }

        if (first > last)
        {
            throw reader.Error(position, $"the range '{reader.Pattern[position..reader.Position]}' ends before it begins.", "Swap its ends.");
        }

        Add(first, last, null);

        void Add(int low, int high, CodePointSet? members)
        {
            if (members is null)
            {
                ranges.Add(new CodePointRange(low, high));
            }
            else
            {
                classes.Add(members);
            }
        }
    }

    private static (int Character, CodePointSet? Set) ReadAtom(PatternReader reader, int start, bool ignoreCase)
    {
        if (reader.IsAtEnd)
        {
            throw reader.Error(start, "the class in brackets is not closed.", "Write ']' at its end, or '\\[' for the character.");
        }

        if (!reader.TryTake("\\"))
        {
            return (reader.TakeCodePoint(), null);
        }

        if (reader.IsAtEnd)
        {
            throw reader.Error(reader.Position - 1, "the last backslash escapes nothing.", "Write '\\\\' for the character.");
        }

        if (EscapeParser.TryReadClass(reader, ignoreCase) is { } set)
        {
            return (0, set);
        }

        if (reader.TryTake("b"))
        {
            return ('\b', null);
        }

        if (reader.Peek() == 'c' && reader.Peek(1) is int digit && (digit == '_' || digit is >= '0' and <= '9'))
        {
            reader.Position += 2;
            return (digit & 31, null);
        }

        return (EscapeParser.ReadCharacter(reader), null);
    }
}
