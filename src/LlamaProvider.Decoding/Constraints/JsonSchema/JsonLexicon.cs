using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Automata.Expressions;
using LlamaProvider.Decoding.Constraints.JsonSchema.Numbers;
using LlamaProvider.Decoding.Constraints.JsonSchema.Shapes;
using LlamaProvider.Decoding.Constraints.Regex.Encodings;

namespace LlamaProvider.Decoding.Constraints.JsonSchema;

/// <summary>The languages that JSON's scalars are made of, in one algebra.</summary>
internal sealed class JsonLexicon
{
    private static readonly ExpressionTemplate AnyNumber = new(NumberLanguage.Number);
    private static readonly ExpressionTemplate AnyPlainNumber = new(NumberLanguage.Decimal);
    private static readonly ExpressionTemplate AnyCanonicalText = new(JsonText.AnyCanonical);

    private readonly Dictionary<(ByteExpression, ByteExpression), ByteExpression> _intersections = [];
    private ByteExpression? _canonicalNumber;

    public JsonLexicon(ByteAlgebra algebra, ConstraintLimits limits)
    {
        Algebra = algebra;
        Liveness = new Liveness(algebra, limits.SearchSteps);
        AnyString = JsonStringEncoding.Free.AnyText(algebra);
        Number = AnyNumber.In(algebra);
        PlainNumber = AnyPlainNumber.In(algebra);
        Quote = algebra.Text("\""u8);
        AnyName = AnyCanonicalText.In(algebra);
    }

    public ByteAlgebra Algebra { get; }

    public Liveness Liveness { get; }

    /// <summary>How the characters of a string are written on which there are conditions: escaped only where JSON requires it, which keeps automata small.</summary>
    public ICharacterEncoding Encoding { get; } = JsonStringEncoding.Sparing;

    /// <summary>Every string, with any escapes, without the quotation marks.</summary>
    public ByteExpression AnyString { get; }

    /// <summary>Every number.</summary>
    public ByteExpression Number { get; }

    /// <summary>Every number, written without an exponent: the form in which bounds can be told digit by digit.</summary>
    public ByteExpression PlainNumber { get; }

    public ByteExpression Quote { get; }

    /// <summary>
    /// Every member name, in its one canonical spelling. Names have to be told apart, also from those that were used before, so a second spelling of a name is not allowed.
    /// </summary>
    public ByteExpression AnyName { get; }

    /// <summary>The strings with this many characters.</summary>
    public ByteExpression OfLength(int min, int max) => Algebra.Repetition(Character, min, max);

    /// <summary>Whether two languages share a text.</summary>
    public bool Overlap(ByteExpression left, ByteExpression right) => !Liveness.IsEmpty(Intersect(left, right));

    /// <summary>Both languages.</summary>
    public ByteExpression Intersect(ByteExpression left, ByteExpression right)
    {
        if (!_intersections.TryGetValue((left, right), out ByteExpression? both))
        {
            both = IsUniverse(left) ? right : IsUniverse(right) ? left : Algebra.Intersection(left, right);
            _intersections.Add((left, right), both);
        }

        return both;
    }

    /// <summary>Every string, escaped only where JSON requires it: what strings are told apart within.</summary>
    private ByteExpression Universe => field ??= Encoding.AnyText(Algebra);

    /// <summary>The strings that are not of a language of strings.</summary>
    public ByteExpression OtherStrings(ByteExpression strings) => ReferenceEquals(strings, AnyString) ? Algebra.Nothing : Except(Universe, strings);

    /// <summary>The names of a language that are not of a language of strings.</summary>
    public ByteExpression OtherNames(ByteExpression names, ByteExpression strings) => Intersect(names, OtherStrings(strings));

    /// <summary>The numbers that are not of a language of numbers, as plain decimals.</summary>
    public NumberTexts OtherNumbers(NumberTexts numbers) => NumberTexts.Of(Except(PlainNumber, numbers.AllSpellings));

    /// <summary>The scalars of a shape, each in its one canonical text, so that equal values have equal texts.</summary>
    public ByteExpression CanonicalScalars(ValueShape shape) => Scalars(
        shape.Literals, Intersect(shape.Numbers.AllSpellings, _canonicalNumber ??= NumberLanguage.Canonical(Algebra)), Intersect(shape.Strings, AnyName));

    /// <summary>The texts of all scalars of a shape.</summary>
    public ByteExpression Scalars(ValueShape shape) => Scalars(shape.Literals, shape.Numbers.Written, shape.Strings);

    private ByteExpression Scalars(JsonLiterals literals, ByteExpression numbers, ByteExpression strings)
    {
        ByteExpression Literal(JsonLiterals literal, ReadOnlySpan<byte> text) => literals.HasFlag(literal) ? Algebra.Text(text) : Algebra.Nothing;
        return Algebra.Choice(
            Literal(JsonLiterals.Null, "null"u8),
            Literal(JsonLiterals.True, "true"u8),
            Literal(JsonLiterals.False, "false"u8),
            numbers,
            ReferenceEquals(strings, Algebra.Nothing) ? Algebra.Nothing : Algebra.Sequence(Quote, strings, Quote));
    }

    private ByteExpression Character => field ??= ((RepetitionExpression)Universe).Part;

    private ByteExpression Except(ByteExpression universe, ByteExpression part) =>
        ReferenceEquals(part, Algebra.Nothing) ? universe : Intersect(universe, Algebra.Complement(part));

    // A language of strings is only ever met with languages of strings, and one of numbers with those of numbers.
    private bool IsUniverse(ByteExpression language) => ReferenceEquals(language, AnyString) || ReferenceEquals(language, Number);
}
