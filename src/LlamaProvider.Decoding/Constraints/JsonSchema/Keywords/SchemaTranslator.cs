using LlamaProvider.Decoding.Constraints.JsonSchema.Documents;
using LlamaProvider.Decoding.Constraints.JsonSchema.Expressions;
using LlamaProvider.Decoding.Constraints.JsonSchema.Shapes;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Keywords;

/// <summary>Turns schemas into shapes: a schema is the conjunction of its keywords, and each family of keywords knows its own shape.</summary>
internal sealed class SchemaTranslator
{
    private static readonly Func<SchemaLocation, SchemaTranslator, ValueShape?>[] Families =
    [
        TypeKeyword.Read, ConstantKeywords.Read, StringKeywords.Read, NumberKeywords.Read, ArrayKeywords.Read, ObjectKeywords.Read, DependencyKeywords.Read,
    ];

    private readonly Dictionary<SchemaExpression, ValueShape> _shapes = [];
    private readonly HashSet<SchemaExpression> _open = [];
    private readonly HashSet<SchemaExpression> _loose = [];
    private readonly ShapeNegation _negation;

    /// <param name="lexicon">The languages of scalars.</param>
    /// <param name="limits">Bounds on the work.</param>
    /// <param name="isChecking">Whether keywords that cannot be enforced are left out, to be checked afterwards.</param>
    public SchemaTranslator(JsonLexicon lexicon, ConstraintLimits limits, bool isChecking = false)
    {
        Unenforced = new UnenforcedKeywords(isChecking);
        Lexicon = lexicon;
        Limits = limits;
        Schemas = new SchemaAlgebra(limits, lexicon.Algebra.Work);
        Shapes = new ShapeAlgebra(lexicon, Schemas, limits);
        Members = new MemberLookup(lexicon, Schemas);
        Disjointness = new Disjointness(this);
        _negation = new ShapeNegation(Shapes, Schemas, lexicon);
    }

    public JsonLexicon Lexicon { get; }

    /// <summary>Keywords that are left out of what is enforced.</summary>
    public UnenforcedKeywords Unenforced { get; }

    public ConstraintLimits Limits { get; }

    public SchemaAlgebra Schemas { get; }

    public ShapeAlgebra Shapes { get; }

    public MemberLookup Members { get; }

    public Disjointness Disjointness { get; }

    /// <summary>The shape of an expression.</summary>
    /// <exception cref="InvalidJsonSchemaException">A schema asks for itself before it asks for anything else.</exception>
    public ValueShape ShapeOf(SchemaExpression expression)
    {
        if (_shapes.TryGetValue(expression, out ValueShape? known))
        {
            Unenforced.IsLoose |= _loose.Contains(expression);
            return known;
        }

        if (!_open.Add(expression))
        {
            string pointer = expression is LocatedExpression located ? located.Location.Pointer : "#";
            throw InvalidJsonSchemaException.OfSelfReference(pointer);
        }

        if (!System.Runtime.CompilerServices.RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new ConstraintTooComplexException("The JSON schema nests allOf, anyOf, oneOf, not and $ref too deeply. Nest fewer.");
        }

        bool isLoose = Unenforced.IsLoose;
        Unenforced.IsLoose = false;
        try
        {
            ValueShape shape = Translate(expression);
            if (Unenforced.IsLoose)
            {
                _loose.Add(expression);
            }

            _shapes.Add(expression, shape);
            return shape;
        }
        finally
        {
            _open.Remove(expression);
            Unenforced.IsLoose |= isLoose;
        }
    }

    /// <summary>The shape of an expression, unless it, or one that it is made of, is being worked out just now.</summary>
    public ValueShape? TryShapeOf(SchemaExpression expression)
    {
        try
        {
            return ShapeOf(expression);
        }
        catch (InvalidJsonSchemaException error) when (error.IsSelfReference)
        {
            // A schema that asks for itself in truth is met again, where its shape is needed.
            return null;
        }
    }

    private ValueShape Translate(SchemaExpression expression) => expression switch
    {
        AnyValueExpression => Shapes.Anything,
        NoValueExpression => Shapes.Nothing,
        AllExpression all => all.Parts.Select(ShapeOf).Aggregate(Shapes.Anything, Shapes.Intersect),
        AnyExpression any => any.Parts.Select(ShapeOf).Aggregate(Shapes.Nothing, Shapes.Union),
        NotExpression not => Negate(ShapeOf(not.Part)),
        ConstantExpression constant => ConstantKeywords.ShapeOf(constant.Value, constant.Location, this),
        LocatedExpression located => Translate(located.Location),
        _ => throw new ArgumentException($"Unknown expression {expression.GetType().Name}.", nameof(expression)),
    };

    private ValueShape Negate(ValueShape shape)
    {
        if (Unenforced.IsLoose)
        {
            return Shapes.Anything;
        }

        try
        {
            return _negation.Negate(shape);
        }
        catch (JsonSchemaNotSupportedException error)
        {
            Unenforced.Leave(error);
            return Shapes.Anything;
        }
    }

    private ValueShape? Read(Func<SchemaLocation, SchemaTranslator, ValueShape?> family, SchemaLocation location)
    {
        try
        {
            return family(location, this);
        }
        catch (JsonSchemaNotSupportedException error) when (error.Pointer == location.Pointer)
        {
            Unenforced.Leave(error);
            return null;
        }
    }

    private ValueShape Translate(SchemaLocation location)
    {
        if (location.Document.Dialect.ReferencesStandAlone && location.TryGet("$ref", out _))
        {
            return ShapeOf(CombinationKeywords.Reference(location, "$ref", this));
        }

        ValueShape shape = Shapes.Anything;
        foreach (Func<SchemaLocation, SchemaTranslator, ValueShape?> family in Families)
        {
            if (Read(family, location) is { } part)
            {
                shape = Shapes.Intersect(shape, part);
            }
        }

        foreach (SchemaExpression part in CombinationKeywords.Read(location, shape, this))
        {
            shape = Shapes.Intersect(shape, ShapeOf(part));
        }

        return shape;
    }
}
