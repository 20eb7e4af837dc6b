using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Operations;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Builtins;

/// <summary>The methods of strings, with Python's semantics. Positions that templates see are code points.</summary>
internal static class TextMethods
{
    public static readonly MethodTable Table = new(
        [.. Stripping(), .. Searching(), .. Splitting(), .. Casing(), .. Padding(), .. TextPredicates.All]);

    private static TextValue Self(Call call) => (TextValue)call.Self;

    private static Builtin[] Stripping() =>
    [
        new("strip", ["chars?"], call => Texts.Strip(Self(call), call.OptionalText(0))),
        new("lstrip", ["chars?"], call => Texts.Strip(Self(call), call.OptionalText(0), atEnd: false)),
        new("rstrip", ["chars?"], call => Texts.Strip(Self(call), call.OptionalText(0), atStart: false)),
        new("removeprefix", ["prefix"], call => Self(call).Characters.StartsWith(call.Text(0).Characters, StringComparison.Ordinal)
            ? Self(call).Slice(call.Text(0).Characters.Length..)
            : call.Self),
        new("removesuffix", ["suffix"], call => Self(call).Characters.EndsWith(call.Text(0).Characters, StringComparison.Ordinal)
            ? Self(call).Slice(..^call.Text(0).Characters.Length)
            : call.Self),
    ];

    private static Builtin[] Searching() =>
    [
        new("startswith", ["prefix", "start?", "end?"], call => Matches(call, (part, affix) => part.StartsWith(affix, StringComparison.Ordinal))),
        new("endswith", ["suffix", "start?", "end?"], call => Matches(call, (part, affix) => part.EndsWith(affix, StringComparison.Ordinal))),
        new("find", ["sub", "start?", "end?"], call => IntValue.Of(Find(call, isLast: false))),
        new("rfind", ["sub", "start?", "end?"], call => IntValue.Of(Find(call, isLast: true))),
        new("index", ["sub", "start?", "end?"], call => IntValue.Of(Found(Find(call, isLast: false)))),
        new("rindex", ["sub", "start?", "end?"], call => IntValue.Of(Found(Find(call, isLast: true)))),
        new("count", ["sub", "start?", "end?"], call => IntValue.Of(
            Window(call, out _) is { } part ? TextSearch.Count(part, call.Text(0).Characters) : 0)),
        new("replace", ["old", "new", "count?"], call => Texts.Replace(
            Self(call),
            call.Text(0).Characters,
            Self(call).IsMarkup ? Texts.Escape(call.Text(1), call.Budget) : call.Text(1),
            call.Integer(2, -1),
            call.Budget)),
    ];

    private static Builtin[] Splitting() =>
    [
        new("split", ["sep?", "maxsplit?"], call => Split(call, TextSearch.Split, TextSearch.SplitWords)),
        new("rsplit", ["sep?", "maxsplit?"], call => Split(call, TextSearch.SplitFromEnd, TextSearch.SplitWordsFromEnd)),
        new("splitlines", ["keepends?"], call => new ListValue([.. TextSearch.SplitLines(Self(call), call.Flag(0), call.Budget)])),
        new("partition", ["sep"], call => Partition(call, isLast: false)),
        new("rpartition", ["sep"], call => Partition(call, isLast: true)),
        new("join", ["iterable"], Join),
        new("format", ["*"], call => new BraceFormat(Self(call), call.Raw, call.Budget).Run()),
        new("format_map", ["mapping"], FormatMap),
    ];

    private static Builtin[] Casing() =>
    [
        new("upper", call => Texts.Convert(Self(call), PythonCharacters.ToUpper, call.Budget)),
        new("lower", call => Texts.Convert(Self(call), PythonCharacters.ToLower, call.Budget)),
        new("casefold", call => Texts.Convert(
            Self(call), text => PythonCharacters.ToLower(text).Replace("ß", "ss", StringComparison.Ordinal), call.Budget)),
        new("swapcase", call => Texts.Convert(Self(call), TextCasing.Swap, call.Budget)),
        new("capitalize", call => TextCasing.Capitalize(Self(call), call.Budget)),
        new("title", call => Self(call).WithCharacters(TextCasing.Title(Self(call).Characters))),
    ];

    private static Builtin[] Padding() =>
    [
        new("ljust", ["width", "fillchar?"], call => Pad(call, _ => 0)),
        new("rjust", ["width", "fillchar?"], call => Pad(call, missing => missing)),
        new("center", ["width", "fillchar?"], call => Pad(call, Texts.CenteredIn(call.Integer(0)))),
        new("zfill", ["width"], FillWithZeros),
        new("expandtabs", ["tabsize?"], ExpandTabs),
    ];

    /// <summary>The part of the receiver between the arguments <c>start</c> and <c>end</c>, or null if they cross.</summary>
    private static string? Window(Call call, out int start)
    {
        var characters = Self(call).Characters;
        start = 0;
        if (!call.IsGiven(1) && !call.IsGiven(2))
        {
            return characters;
        }

        var length = CodePoints.Count(characters);
        var from = call.Integer(1, 0);
        var (first, last) = (Slices.Clamp(from, length), Slices.Clamp(call.Integer(2, length), length));
        start = CodePoints.ToUtf16(characters, first);
        return first > last || from > length ? null : characters[start..CodePoints.ToUtf16(characters, last)];
    }

    private static int Find(Call call, bool isLast)
    {
        var pattern = call.Text(0).Characters;
        if (Window(call, out var start) is not { } part)
        {
            return -1;
        }

        var found = isLast ? part.AsSpan().LastIndexOf(pattern) : part.AsSpan().IndexOf(pattern);
        return found < 0 ? -1 : CodePoints.FromUtf16(Self(call).Characters, start + found);
    }

    private static int Found(int position) =>
        position >= 0 ? position : throw Fault.Type("substring not found", "Test it with 'in' first, or use find().");

    private static BoolValue Matches(Call call, Func<string, string, bool> matches)
    {
        var part = Window(call, out _);
        return BoolValue.Of(call[0] is TupleValue affixes
            ? affixes.Items.Any(affix => part is not null && affix is TextValue text && matches(part, text.Characters))
            : matches(part ?? "", call.Text(0).Characters) && part is not null);
    }

    private static ListValue Split(
        Call call, Func<TextValue, string, long, Budget, List<Value>> atSeparator, Func<TextValue, long, Budget, List<Value>> atSpace)
    {
        var limit = call.Integer(1, -1);
        var separator = call.OptionalText(0)?.Characters;
        return separator switch
        {
            null => new ListValue([.. atSpace(Self(call), limit, call.Budget)]),
            "" => throw Fault.Type("empty separator", "Give a separator, or none to split at white space."),
            _ => new ListValue([.. atSeparator(Self(call), separator, limit, call.Budget)]),
        };
    }

    private static TupleValue Partition(Call call, bool isLast)
    {
        var (text, separator) = (Self(call), call.Text(0));
        if (!separator.IsTrue)
        {
            throw Fault.Type("empty separator", "Give a separator.");
        }

        var found = isLast
            ? text.Characters.AsSpan().LastIndexOf(separator.Characters)
            : text.Characters.AsSpan().IndexOf(separator.Characters);
        if (found < 0)
        {
            return isLast ? new TupleValue([TextValue.Empty, TextValue.Empty, text]) : new TupleValue([text, TextValue.Empty, TextValue.Empty]);
        }

        var end = found + separator.Characters.Length;
        return new TupleValue([text.Slice(..found), text.Slice(found..end), text.Slice(end..)]);
    }

    private static TextValue Join(Call call)
    {
        var (separator, budget) = (Self(call), call.Budget);
        var joined = Texts.Join(separator, Sequences.Enumerate(call[0]!, budget), Part, budget);
        return joined.AsMarkup(separator.IsMarkup);

        TextValue Part(Value value) => value is TextValue text
            ? separator.IsMarkup ? Texts.Escape(text, budget) : text
            : throw Fault.Type($"join() found a '{value.TypeName}' where it needs a string", "Convert the items first, or use the filter 'join'.");
    }

    private static TextValue FormatMap(Call call)
    {
        if (call[0] is not DictValue dict)
        {
            throw Fault.Type($"format_map() argument must be a mapping, not '{call[0]!.TypeName}'", "Give a mapping of names to values.");
        }

        var named = dict.Keys.Zip(dict.Values, (key, value) => KeyValuePair.Create(Texts.Of(key, call.Budget).Characters, value));
        return new BraceFormat(Self(call), new Arguments([], [.. named]), call.Budget).Run();
    }

    private static TextValue Pad(Call call, Func<long, long> share)
    {
        var fill = call.OptionalText(1) ?? TextValue.Trusted(" ");
        return fill.Length == 1
            ? Texts.Pad(Self(call), call.Integer(0), fill, share, call.Budget)
            : throw Fault.Type("The fill character must be exactly one character long", "Give one character.");
    }

    private static TextValue FillWithZeros(Call call)
    {
        var text = Self(call);
        var sign = text.Characters is ['+' or '-', ..] ? 1 : 0;
        var digits = Texts.Pad(text.Slice(sign..), call.Integer(0) - sign, TextValue.Trusted("0"), missing => missing, call.Budget);
        return Texts.Concat(text.Slice(..sign), digits, call.Budget).AsMarkup(text.IsMarkup);
    }

    private static TextValue ExpandTabs(Call call)
    {
        var (text, size) = (Self(call), call.Integer(0, 8));
        var output = new TextBuilder(call.Budget);
        var (column, start) = (0L, 0);
        for (var i = 0; i < text.Characters.Length; i++)
        {
            var character = text.Characters[i];
            if (character == '\t')
            {
                var blanks = size > 0 ? size - (column % size) : 0;
                output.AppendSlice(text, start, i - start).AppendRepeated(' ', blanks);
                (column, start) = (column + blanks, i + 1);
            }
            else
            {
                column = character is '\n' or '\r' ? 0 : column + (char.IsLowSurrogate(character) ? 0 : 1);
            }
        }

        return output.AppendSlice(text, start, text.Characters.Length - start).ToText().AsMarkup(text.IsMarkup);
    }
}
