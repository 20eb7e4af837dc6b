using LlamaProvider.Templates.Evaluation;
using LlamaProvider.Templates.Operations;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Builtins;

/// <summary>The filters that make a string of a string.</summary>
internal static class TextFilters
{
    public static readonly Builtin[] All =
    [
        new("string", call => call.SelfText),
        new("upper", call => Texts.Convert(call.SelfText, PythonCharacters.ToUpper, call.Budget)),
        new("lower", call => Texts.Convert(call.SelfText, PythonCharacters.ToLower, call.Budget)),
        new("capitalize", call => TextCasing.Capitalize(call.SelfText, call.Budget)),
        new("title", call => call.SelfText.WithCharacters(TextCasing.TitleWords(call.SelfText.Characters)).AsMarkup(false)),
        new("trim", ["chars?"], call => Texts.Strip(call.SelfText, call.OptionalText(0))),
        new("center", ["width?"], call => Texts.Pad(
            call.SelfText, call.Integer(0, 80), TextValue.Trusted(" "), Texts.CenteredIn(call.Integer(0, 80)), call.Budget)),
        new("replace", ["old", "new", "count?"], Replace),
        new("format", ["*"], Format),
        new("indent", ["width?", "first?", "blank?"], Indent),
        new("truncate", ["length?", "killwords?", "end?", "leeway?"], Truncate),
        new("wordcount", call => IntValue.Of(CountWords(call.SelfText.Characters))),
    ];

    private static TextValue Replace(Call call)
    {
        var (pattern, replacement) = (Texts.Of(call[0]!, call.Budget), Texts.Of(call[1]!, call.Budget));
        return Texts.Replace(call.SelfText, pattern.Characters, replacement, call.Integer(2, -1), call.Budget).AsMarkup(false);
    }

    private static TextValue Format(Call call)
    {
        var (positional, named) = call.Raw;
        if (positional.Length > 0 && named.Length > 0)
        {
            throw Fault.Type("can't handle positional and keyword arguments at the same time", "Give values or names, not both.");
        }

        if (named.Length == 0)
        {
            return PercentFormat.Apply(call.SelfText, new TupleValue(positional), call.Budget);
        }

        var mapping = new DictValue();
        Array.ForEach(named, argument => mapping.Set(TextValue.Trusted(argument.Key), argument.Value));
        return PercentFormat.Apply(call.SelfText, mapping, call.Budget);
    }

    private static TextValue Indent(Call call)
    {
        if (call.Self is not TextValue text)
        {
            throw NeedsText("indent", call.Self);
        }

        var budget = call.Budget;
        var width = call[0] as TextValue ?? Texts.Repeat(TextValue.Trusted(" "), call.Integer(0, 4), budget);

        // The added line break makes a text that ends with one keep it.
        var lines = TextSearch.SplitLines(Texts.Concat(text, TextValue.Trusted("\n"), budget), keepsEnds: true, budget);
        var output = new TextBuilder(budget);
        for (var i = 0; i < lines.Count; i++)
        {
            var line = (TextValue)lines[i];
            var end = line.Characters.AsSpan().TrimEnd(PythonCharacters.LineBreaks).Length;
            if (i == 0 ? call.Flag(1) : call.Flag(2) || end > 0)
            {
                output.Append(width);
            }

            var endsInContent = line.Content is [.., var last] && last.End == line.Characters.Length;
            output.AppendSlice(line, 0, end).Append(i == lines.Count - 1 ? "" : "\n", endsInContent);
        }

        return output.ToText().AsMarkup(text.IsMarkup);
    }

    private static TextValue Truncate(Call call)
    {
        if (call.Self is not TextValue text)
        {
            throw NeedsText("truncate", call.Self);
        }

        var length = call.Integer(0, 255);
        var end = call.OptionalText(2) ?? TextValue.Trusted("...");
        if (length < end.Length || call.Integer(3, 5) < 0)
        {
            throw Fault.Type(
                $"truncate to {length} characters leaves no room for its end", $"Use a length of {end.Length} or more and a leeway of 0 or more.");
        }

        if (text.Length <= length + call.Integer(3, 5))
        {
            return text;
        }

        var kept = Slices.Part(text, 0, (int)(length - end.Length!.Value));
        var space = call.Flag(1) ? -1 : kept.Characters.LastIndexOf(' ');
        return Texts.Concat(space < 0 ? kept : kept.Slice(..space), end, call.Budget);
    }

    private static EvaluationException NeedsText(string filter, Value value) => value is UndefinedValue undefined
        ? Fault.Undefined(undefined)
        : Fault.Type($"{filter} needs a string, not '{value.TypeName}'", "Convert it with '| string' first.");

    private static int CountWords(string text)
    {
        var count = 0;
        var wasWord = false;
        foreach (var character in text)
        {
            var isWord = PythonCharacters.IsWord(character);
            count += isWord && !wasWord ? 1 : 0;
            wasWord = isWord;
        }

        return count;
    }
}
