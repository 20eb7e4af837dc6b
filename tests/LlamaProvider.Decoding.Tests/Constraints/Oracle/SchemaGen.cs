using CsCheck;

namespace LlamaProvider.Decoding.Tests.Constraints.Oracle;

/// <summary>Schemas and values that have enough to do with each other that keywords meet.</summary>
internal sealed class SchemaGen
{
    private static readonly string[] NameList = ["a", "b", "ab", "k1", "x"];

    private readonly bool _isCommon;

    private SchemaGen(bool isCommon) => _isCommon = isCommon;

    /// <summary>Schemas with keywords of all kinds.</summary>
    public static Gen<string> Full { get; } = new SchemaGen(isCommon: false).Root();

    /// <summary>Schemas with those keywords of drafts 4 to 7 that validators agree on.</summary>
    public static Gen<string> Common { get; } = new SchemaGen(isCommon: true).Root();

    /// <summary>Values in their plain spelling, no name twice.</summary>
    public static Gen<string> Value { get; } = ValueOf(depth: 2);

    private static Gen<string> Name => Any(NameList);

    private static Gen<string> Number => Any("-2", "0", "1", "2", "3", "5", "10", "0.5", "1.25", "-0.5");

    private static Gen<string> Count => Gen.Int[0, 3].Select(count => $"{count}");

    /// <summary>A maximum; the other validator takes 0 for none.</summary>
    private Gen<string> Most => Gen.Int[_isCommon ? 1 : 0, 3].Select(count => $"{count}");

    private static Gen<string> Scalar => Gen.OneOf(
        Number, Any("null", "true", "false"), Any("", "a", "ab", "b", "bb", "aab", "k1", "2024-02-29", "é", "x y").Select(text => $"\"{text}\""));

    /// <summary>A value of an enumeration; the other validator takes the empty text for null.</summary>
    private Gen<string> Listed => _isCommon ? Scalar.Where(static text => text != "\"\"") : Scalar;

    private static Gen<string> Pattern => Any("^a*$", "^[ab]+$", "b", "^k[0-9]$", "^(a|b+)$", "^[^a]", "^.{2}$", "a$");

    private static Gen<string> ValueOf(int depth) => depth == 0 ? Scalar : Gen.Frequency(
        (3, Scalar),
        (2, ValueOf(depth - 1).Array[0, 3].Select(items => $"[{string.Join(',', items)}]")),
        (3, Gen.Select(Gen.Shuffle(NameList), ValueOf(depth - 1).Array[0, 3]).Select((names, values) => $"{{{string.Join(',', values.Select((value, index) => $"\"{names[index]}\":{value}"))}}}")));

    private static Gen<string> Any(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);

    private static Gen<string> Keyword(string name, Gen<string> value) => value.Select(text => $"\"{name}\":{text}");

    private static Gen<string> Text(Gen<string> value) => value.Select(text => $"\"{text}\"");

    private static Gen<string> List(Gen<string> item, int min, int max) => item.Array[min, max].Select(items => $"[{string.Join(',', items)}]");

    private static Gen<string> Map(Gen<string> name, Gen<string> value) => Gen.Select(name, value).Array[1, 3].Select(
        members => $"{{{string.Join(',', members.DistinctBy(member => member.Item1).Select(member => $"\"{member.Item1}\":{member.Item2}"))}}}");

    /// <summary>Keywords that are always there, and some of others.</summary>
    private static Gen<string> Object(Gen<string> always, params Gen<string>[] sometimes)
    {
        Gen<string> keywords = always;
        foreach (Gen<string> keyword in sometimes)
        {
            keywords = Gen.Select(keywords, keyword, Gen.Int[0, 2]).Select((before, added, draw) => draw > 0 ? before : $"{before},{added}");
        }

        return keywords.Select(text => $"{{{text}}}");
    }

    private Gen<string> Root() => Gen.Select(Schema(2, mayRefer: false), Schema(1, mayRefer: false), Schema(3)).Select((n, m, root) =>
        $"{{\"{Definitions}\":{{\"n\":{n},\"m\":{m}}},\"allOf\":[{root}]}}");

    private string Definitions => _isCommon ? "definitions" : "$defs";

    /// <param name="depth">Schemas within each other.</param>
    /// <param name="mayRefer">Whether the schema itself may be a reference. A definition may refer to others only for its parts, or it would be its own condition.</param>
    private Gen<string> Schema(int depth, bool mayRefer = true)
    {
        Gen<string> scalar = Gen.OneOf(Strings(), Numbers(), Object(Keyword("enum", List(Listed, 1, 3))), Types(), _isCommon ? Types() : Object(Keyword("const", ValueOf(1))));
        return depth == 0 ? scalar : Gen.Frequency(
            (2, scalar),
            (2, Arrays(depth - 1)),
            (4, Objects(depth - 1)),
            (3, Combinations(depth - 1, mayRefer)),
            (1, mayRefer ? Any("n", "m").Select(name => $"{{\"$ref\":\"#/{Definitions}/{name}\"}}") : scalar),
            (1, _isCommon ? Types() : Any("true", "false", "{}")));
    }

    private static Gen<string> Types() => Object(Keyword("type", Gen.OneOf(
        Any("\"null\"", "\"boolean\"", "\"integer\""), List(Any("\"null\"", "\"string\"", "\"boolean\"", "\"array\"", "\"object\"", "\"number\""), 1, 2).Select(Distinct))));

    private static string Distinct(string list) => $"[{string.Join(',', list[1..^1].Split(',').Distinct())}]";

    private Gen<string> Strings() => Object(
        Keyword("type", Gen.Const("\"string\"")),
        [Keyword("minLength", Count), Keyword("maxLength", Most), Keyword("pattern", Text(Pattern)), .. _isCommon ? [] : new[] { Keyword("format", Any("\"date\"", "\"time\"", "\"ipv4\"")) }]);

    private static Gen<string> Numbers() => Object(
        Keyword("type", Any("\"integer\"", "\"number\"")),
        Keyword("minimum", Number),
        Keyword("maximum", Number),
        Keyword("exclusiveMinimum", Number),
        Keyword("exclusiveMaximum", Number),
        Keyword("multipleOf", Any("1", "2", "3", "0.5", "0.25")));

    private Gen<string> Arrays(int depth) => Object(
        Keyword("type", Gen.Const("\"array\"")),
        [
            Keyword("items", Schema(depth)),
            Keyword("minItems", Count),
            Keyword("maxItems", Most),
            .. _isCommon ? [] : new[]
            {
                Keyword("prefixItems", List(Schema(depth), 1, 2)),
                Keyword("contains", Schema(0)),
                Gen.Select(Keyword("uniqueItems", Any("true", "false")), Keyword("minContains", Count)).Select((unique, contains) => $"{unique},{contains}"),
            },
        ]);

    private Gen<string> Objects(int depth) => Object(
        Keyword("type", Gen.Const("\"object\"")),
        [
            Keyword("properties", Map(Name, Schema(depth))),
            Keyword("required", List(Text(Name), 1, 2).Select(Distinct)),
            Keyword("additionalProperties", Gen.OneOf(Gen.Const("false"), Gen.Const("false"), Schema(0))),
            Keyword("patternProperties", Map(Pattern, Schema(0))),
            Keyword("minProperties", Count),
            Keyword("maxProperties", Most),
            .. _isCommon ? [] : new[]
            {
                Keyword("propertyNames", Gen.OneOf(Strings(), Object(Keyword("enum", List(Text(Name), 1, 3))))),
                Keyword("dependentRequired", Map(Name, List(Text(Name), 1, 2).Select(Distinct))),
                Keyword("dependentSchemas", Map(Name, Schema(0))),
            },
        ]);

    private Gen<string> Combinations(int depth, bool mayRefer)
    {
        Gen<string> part = Schema(depth, mayRefer);
        Gen<string> several = List(part, 1, 3);
        Gen<string> all = Gen.OneOf(
            Object(Keyword("anyOf", several)),
            Object(Keyword("oneOf", several)),
            Object(Keyword("allOf", several)),
            Object(Keyword("not", part)));
        return _isCommon ? all : Gen.Frequency((4, all), (1, Object(Keyword("if", part), Keyword("then", part), Keyword("else", part))));
    }
}
