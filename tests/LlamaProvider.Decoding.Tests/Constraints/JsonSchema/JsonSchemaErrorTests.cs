using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.JsonSchema;

namespace LlamaProvider.Decoding.Tests.Constraints.JsonSchema;

public sealed class JsonSchemaErrorTests
{
    [Theory]
    [InlineData("7", "The JSON schema is invalid at #: a schema is an object, true or false, not number.")]
    [InlineData("""{"type":"text"}""", "The JSON schema is invalid at #: 'type' is \"text\", but the types are null, boolean, integer, number, string, array and object.")]
    [InlineData("""{"properties":{"a":{"minLength":-1}}}""", "The JSON schema is invalid at #/properties/a: 'minLength' is -1, but must be a whole number, 0 or above.")]
    [InlineData("""{"properties":{"a/b":{"anyOf":[]}}}""", "The JSON schema is invalid at #/properties/a~1b: 'anyOf' is [], but must be an array of at least one schema.")]
    [InlineData("""{"$ref":"#/$defs/x"}""", "The JSON schema is invalid at #: '$ref' is '#/$defs/x', but nothing is there.")]
    [InlineData("""{"$ref":"#"}""", "The JSON schema is invalid at #: the schema refers to itself without going into a part of the value, so it says nothing that a value could meet. Put the reference below properties or items.")]
    [InlineData("""{"type":"string","enum":[1]}""", "The JSON schema is invalid at #: no value meets the schema. Loosen the keywords that exclude each other.")]
    [InlineData("""{"type":"array","minItems":1,"items":{"type":"integer"},"contains":{"type":"integer"},"minContains":0,"maxContains":0}""", "The JSON schema is invalid at #: no value meets the schema. Loosen the keywords that exclude each other.")]
    [InlineData("""{"type":"array","minItems":2,"items":{"const":1},"contains":{"const":1},"maxContains":1}""", "The JSON schema is invalid at #: no value meets the schema. Loosen the keywords that exclude each other.")]
    [InlineData("""{"type":"array","maxItems":1,"allOf":[{"contains":{"const":1}},{"contains":{"const":2}}]}""", "The JSON schema is invalid at #: no value meets the schema. Loosen the keywords that exclude each other.")]
    [InlineData("""{"type":"array","items":{"enum":[1,2]},"minItems":3,"allOf":[{"contains":{"const":1},"maxContains":1},{"contains":{"const":2},"maxContains":1}]}""", "The JSON schema is invalid at #: no value meets the schema. Loosen the keywords that exclude each other.")]
    [InlineData("""{"not":{"if":{"type":"array","contains":{"type":"integer"},"maxItems":3}}}""", "The JSON schema is invalid at #: no value meets the schema. Loosen the keywords that exclude each other.")]
    [InlineData("""{"type":"integer","minimum":5,"maximum":4}""", "The JSON schema is invalid at #: no value meets the schema. Loosen the keywords that exclude each other.")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#"}},"required":["a"]}""", "The JSON schema is invalid at #: no value meets the schema. Loosen the keywords that exclude each other.")]
    [InlineData("""{"type":"array","prefixItems":[{"const":1}],"items":{"type":"string"},"contains":{"const":1},"minContains":2}""", "The JSON schema is invalid at #: no value meets the schema. Loosen the keywords that exclude each other.")]
    [InlineData("""{"type":"array","items":{"enum":[1,1.0,"a"]},"uniqueItems":true,"minItems":3}""", "The JSON schema is invalid at #: no value meets the schema. Loosen the keywords that exclude each other.")]
    [InlineData("""{"type":"array","prefixItems":[{"enum":["a","b"]},{"enum":["a","b"]},{"enum":["b","a"]}],"items":false,"uniqueItems":true,"minItems":3}""", "The JSON schema is invalid at #: no value meets the schema. Loosen the keywords that exclude each other.")]
    [InlineData("""{"required":["\ud800"]}""", "The JSON schema is invalid at #: a text holds half of a surrogate pair, which no UTF-8 text can. Write the whole character.")]
    public void Compile_InvalidSchema_SaysWhereAndWhy(string schema, string message) =>
        Assert.Equal(message, Assert.Throws<InvalidJsonSchemaException>(() => SchemaRun.Compile(schema)).Message);

    [Theory]
    [InlineData("""{"items":{"uniqueItems":true}}""", "#/items", "uniqueItems", "The JSON schema's keyword 'uniqueItems' at #/items cannot be enforced: items may be arrays or objects, which would have to be compared as values with what is being written. Say in items that they are texts, numbers, booleans or null, or leave it out.")]
    [InlineData("""{"type":"array","uniqueItems":true,"items":{"type":"null"},"contains":{"const":1}}""", "#", "uniqueItems", "The JSON schema's keyword 'uniqueItems' at # cannot be enforced: it stands beside a condition on how many items are of a kind, as contains and some uses of not are. Use one of them.")]
    [InlineData("""{"not":{"uniqueItems":true}}""", "#/not", "uniqueItems", "The JSON schema's keyword 'uniqueItems' at #/not cannot be enforced: what may not be so has two equal items, and no place says which. Ask for it outside of not, if and oneOf.")]
    [InlineData("""{"unevaluatedProperties":false}""", "#", "unevaluatedProperties", "The JSON schema's keyword 'unevaluatedProperties' at # cannot be enforced: what counts as evaluated depends on which branches a value meets. Use additionalProperties with all properties in one place.")]
    [InlineData("""{"$ref":"http://elsewhere/s.json"}""", "#", "$ref", "The JSON schema's keyword '$ref' at # cannot be enforced: 'http://elsewhere/s.json' names no schema in this document. Copy the schema it means into $defs and refer to it there.")]
    public void Compile_NotEnforceable_NamesPointerAndKeyword(string schema, string pointer, string keyword, string message)
    {
        var error = Assert.Throws<JsonSchemaNotSupportedException>(() => SchemaRun.Compile(schema));

        Assert.Equal((pointer, keyword, message), (error.Pointer, error.Keyword, error.Message));
    }

    [Fact]
    public void Compile_BackReference_NamesThePattern()
    {
        var error = Assert.Throws<JsonSchemaNotSupportedException>(() => SchemaRun.Compile("""{"properties":{"a":{"pattern":"(a)\\1"}}}"""));

        Assert.Equal(("#/properties/a", "pattern"), (error.Pointer, error.Keyword));
    }

    [Fact]
    public void Compile_VeryDeep_IsBounded()
    {
        string deep = string.Concat(Enumerable.Repeat("{\"properties\":{\"a\":", 1000)) + "{}" + string.Concat(Enumerable.Repeat("}}", 1000));
        string nested = string.Concat(Enumerable.Repeat("{\"allOf\":[", 1000)) + "{}" + string.Concat(Enumerable.Repeat("]}", 1000));

        Assert.True(SchemaRun.Compile(deep).Allows("{\"a\":{}}"));
        Assert.True(SchemaRun.Compile(nested).Allows("1"));
    }

    [Fact]
    public void Compile_ManyValues_IsQuickToFollow()
    {
        string schema = $$"""{"enum":[{{string.Join(',', Enumerable.Range(0, 50_000).Select(i => $"\"value {i}\""))}}]}""";

        Assert.True(SchemaRun.Compile(schema).Allows("\"value 49999\""));
        Assert.False(SchemaRun.Compile(schema).Allows("\"value 50000\""));
    }

    [Fact]
    public void Compile_TooManyCombinations_NamesTheLimit()
    {
        string Branch(int i) => $"{{\"oneOf\":[{{\"properties\":{{\"a{i}\":{{\"type\":\"integer\"}}}}}},{{\"properties\":{{\"b{i}\":{{\"type\":\"string\"}}}}}}]}}";
        string schema = $$"""{"type":"object","allOf":[{{string.Join(',', Enumerable.Range(0, 30).Select(Branch))}}]}""";

        Assert.Equal(
            "A value of the JSON schema has more than 512 alternatives, with allOf, anyOf, oneOf and not unfolded. Use fewer of them, or raise the limit ConstraintLimits.SchemaAlternatives.",
            Assert.Throws<ConstraintTooComplexException>(() => SchemaRun.Compile(schema)).Message);
    }
}
