using LlamaProvider.Templates.Operations;

namespace LlamaProvider.Templates.Values;

/// <summary>
/// A string that knows which of its characters are content. Indices of this type are UTF-16; Python counts code points, and
/// <see cref="CodePoints"/> translates.
/// </summary>
/// <remarks>
/// The ranges are sorted, not empty, and neither overlap nor touch. Most strings have none (template text) or one (a message),
/// so that carrying them costs a reference.
/// </remarks>
internal sealed class TextValue : Value
{
    public static readonly TextValue Empty = Trusted("");

    private readonly ContentRange[] _content;
    private int _codePoints = -1;

    public TextValue(string characters, ContentRange[] content, bool isMarkup = false)
    {
        Characters = characters;
        _content = content;
        IsMarkup = isMarkup;
    }

    public string Characters { get; }

    public ReadOnlySpan<ContentRange> Content => _content;

    /// <summary>Whether this is markupsafe's Markup, which <c>safe</c> and <c>escape</c> make: <c>+</c> and <c>%</c> escape the other side.</summary>
    public bool IsMarkup { get; }

    public override string TypeName => IsMarkup ? "Markup" : "str";

    public override bool IsTrue => Characters.Length > 0;

    /// <summary>The number of code points. Counted once: a template may ask a long string again and again.</summary>
    public override int? Length => _codePoints >= 0 ? _codePoints : _codePoints = CodePoints.Count(Characters);

    // A part of Markup is Markup, but Python's iteration gives plain strings.
    public override IEnumerable<Value> Elements => CodePoints.Split(AsMarkup(false));

    public static TextValue Trusted(string characters) => new(characters, []);

    public static TextValue FromContent(string characters) =>
        new(characters, characters.Length == 0 ? [] : [new ContentRange(0, characters.Length)]);

    /// <summary>The parts of one origin each, in order, that make up the whole string.</summary>
    public SegmentEnumerator Segments => new(this);

    public TextValue AsMarkup(bool isMarkup = true) => IsMarkup == isMarkup ? this : new TextValue(Characters, _content, isMarkup);

    /// <summary>Other characters at the same positions and of the same origins.</summary>
    public TextValue WithCharacters(string characters) => new(characters, _content, IsMarkup);

    public TextValue Slice(int start, int length)
    {
        if (length == Characters.Length)
        {
            return this;
        }

        var characters = Characters.Substring(start, length);
        return new TextValue(characters, _content.Length == 0 ? [] : ContentWithin(start, start + length), IsMarkup);
    }

    public TextValue Slice(Range range)
    {
        var (start, length) = range.GetOffsetAndLength(Characters.Length);
        return Slice(start, length);
    }

    public override Value? Attribute(string name) => Builtins.TextMethods.Table.Bind(this, name);

    public override Value? Item(Value key, Evaluation.Budget budget)
    {
        if (Numbers.AsIndex(key) is not { } index || Slices.Resolve(index, Length!.Value) is not { } position)
        {
            return null;
        }

        budget.ChargeCharacters(Characters.Length);
        return Slices.Part(this, position, 1);
    }

    public override void WriteText(TextBuilder output) => output.Append(this);

    public override void WriteRepr(TextBuilder output) => TextRepr.Write(this, output);

    private ContentRange[] ContentWithin(int start, int end)
    {
        var ranges = new List<ContentRange>();
        foreach (var range in _content)
        {
            var from = Math.Max(range.Start, start);
            var to = Math.Min(range.End, end);
            if (from < to)
            {
                ranges.Add(new ContentRange(from - start, to - start));
            }
        }

        return [.. ranges];
    }

    /// <summary>A part of a string whose characters are all content or all trusted.</summary>
    public readonly record struct Segment(int Start, int Length, bool IsContent);

    /// <summary>Enumerates <see cref="Segments"/> without an allocation.</summary>
    public ref struct SegmentEnumerator(TextValue text)
    {
        private int _next;
        private int _range;

        public Segment Current { get; private set; }

        public readonly SegmentEnumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            var length = text.Characters.Length;
            if (_next >= length)
            {
                return false;
            }

            var content = text._content;
            var isContent = _range < content.Length && content[_range].Start == _next;
            var end = isContent ? content[_range++].End : _range < content.Length ? content[_range].Start : length;
            Current = new Segment(_next, end - _next, isContent);
            _next = end;
            return true;
        }
    }
}
