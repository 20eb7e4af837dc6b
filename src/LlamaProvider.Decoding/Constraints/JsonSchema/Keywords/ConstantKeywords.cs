using System.Text.Json;
using LlamaProvider.Decoding.Constraints.Automata;
using LlamaProvider.Decoding.Constraints.Automata.Expressions;
using LlamaProvider.Decoding.Constraints.JsonSchema.Documents;
using LlamaProvider.Decoding.Constraints.JsonSchema.Numbers;
using LlamaProvider.Decoding.Constraints.JsonSchema.Shapes;
using LlamaProvider.Decoding.Constraints.Regex.Characters;

namespace LlamaProvider.Decoding.Constraints.JsonSchema.Keywords;

/// <summary>The keywords <c>enum</c> and <c>const</c>. A value is written as the schema writes it; a whole number also without a fraction.</summary>
internal static class ConstantKeywords
{
    public static ValueShape? Read(SchemaLocation location, SchemaTranslator translator)
    {
        ValueShape? shape = null;
        if (location.TryGet("const", out JsonElement constant))
        {
            shape = ShapeOf([constant], location, translator);
        }

        if (location.TryGet("enum", out JsonElement values))
        {
            if (values.ValueKind != JsonValueKind.Array)
            {
                throw location.Invalid("enum", "must be an array of values");
            }

            ValueShape any = ShapeOf(values.EnumerateArray(), location, translator);
            shape = shape is null ? any : translator.Shapes.Intersect(shape, any);
        }

        return shape;
    }

    public static ValueShape ShapeOf(JsonElement value, SchemaLocation location, SchemaTranslator translator) => ShapeOf([value], location, translator);

    private static ValueShape ShapeOf(IEnumerable<JsonElement> values, SchemaLocation location, SchemaTranslator translator)
    {
        ByteAlgebra algebra = translator.Lexicon.Algebra;
        ILookup<JsonValueKind, JsonElement> byKind = values.ToLookup(value => value.ValueKind);
        return translator.Shapes.Nothing with
        {
            Literals = (byKind.Contains(JsonValueKind.Null) ? JsonLiterals.Null : 0)
                | (byKind.Contains(JsonValueKind.True) ? JsonLiterals.True : 0)
                | (byKind.Contains(JsonValueKind.False) ? JsonLiterals.False : 0),
            Strings = Strings([.. byKind[JsonValueKind.String].Select(location.TextOf)], translator.Lexicon),
            Numbers = Numbers([.. byKind[JsonValueKind.Number].Select(number => number.GetRawText())], location, translator),
            Arrays = [.. byKind[JsonValueKind.Array].Select(array => Array(array, location, translator))],
            Objects = [.. byKind[JsonValueKind.Object].Select(@object => Object(@object, location, translator))],
        };
    }

    // A control character has two spellings, and a text that may not be written must not be in either.
    private static ByteExpression Strings(string[] texts, JsonLexicon lexicon)
    {
        ByteAlgebra algebra = lexicon.Algebra;
        ILookup<bool, string> byControl = texts.ToLookup(text => text.Any(value => value < ' '));
        ByteExpression[] spellings = [.. byControl[true].Select(text => algebra.Sequence([.. text.EnumerateRunes().Select(rune => lexicon.Encoding.Encode(CodePointSet.Of(rune.Value), algebra))]))];
        return algebra.Choice([algebra.Words(new WordList(byControl[false].Select(JsonText.Spell))), .. spellings]);
    }

    private static NumberTexts Numbers(string[] numbers, SchemaLocation location, SchemaTranslator translator)
    {
        ByteAlgebra algebra = translator.Lexicon.Algebra;
        try
        {
            ByteExpression[] spellings = System.Array.ConvertAll(
                numbers, number => NumberLanguage.Bounded(new NumberBounds { Minimum = number, Maximum = number }, algebra, translator.Limits));
            return new NumberTexts(algebra.Words(new WordList(numbers.SelectMany(Spellings).Select(System.Text.Encoding.ASCII.GetBytes))), algebra.Choice(spellings));
        }
        catch (ConstraintTooComplexException error)
        {
            throw location.NotSupported(location.TryGet("const", out _) ? "const" : "enum", error.Message, error);
        }
    }

    // As the schema writes it, and a whole number also without a fraction.
    private static string[] Spellings(string number) =>
        number.Contains('.', StringComparison.Ordinal) && !number.Contains('e', StringComparison.OrdinalIgnoreCase) && number.TrimEnd('0').EndsWith('.')
            ? [number, number[..number.IndexOf('.', StringComparison.Ordinal)]]
            : [number];

    private static ArrayShape Array(JsonElement array, SchemaLocation location, SchemaTranslator translator) => new(
        [.. array.EnumerateArray().Select(item => translator.Schemas.Constant(item, location))],
        translator.Schemas.Nothing,
        array.GetArrayLength(),
        array.GetArrayLength(),
        []);

    private static ObjectShape Object(JsonElement @object, SchemaLocation location, SchemaTranslator translator)
    {
        JsonProperty[] members = [.. @object.EnumerateObject().DistinctBy(member => member.Name)];
        var rules = new MemberRules([.. members.Select(member => KeyValuePair.Create(member.Name, translator.Schemas.Constant(member.Value, location)))], [], translator.Schemas.Nothing);
        return ObjectShape.Any with { Rules = [rules], Required = ObjectShape.Names(members.Select(member => member.Name)) };
    }
}
