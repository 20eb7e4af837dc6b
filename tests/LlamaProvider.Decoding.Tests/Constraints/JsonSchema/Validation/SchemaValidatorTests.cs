using System.Text.Json;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.JsonSchema;
using LlamaProvider.Decoding.Constraints.JsonSchema.Documents;
using LlamaProvider.Decoding.Constraints.JsonSchema.Keywords;
using LlamaProvider.Decoding.Constraints.JsonSchema.Validation;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Tests.Constraints.JsonSchema.Validation;

public sealed class SchemaValidatorTests
{
    /// <summary>What the grammar refuses as a text though the schema allows the value: other spellings of a number, and a name twice.</summary>
    private static readonly string[] OtherSpellings = ["1.0", "1e2", "2.00", "{\"a\":1,\"a\":2}", "{\"a\":1,\"a\":1}", "{\"b\":1,\"b\":1}"];

    [Theory]
    [MemberData(nameof(JsonSchemaCompilerTests.Cases), MemberType = typeof(JsonSchemaCompilerTests))]
    public void FindFault_CasesOfTheCompiler_Agrees(string schema, string[] allowed, string[] refused)
    {
        SchemaValidator validator = Validator(schema);

        Assert.All(allowed, text => Assert.Null(validator.FindFault(JsonElement.Parse(text))));
        Assert.All(refused.Where(text => IsJson(text) && !OtherSpellings.Contains(text)), text => Assert.NotNull(validator.FindFault(JsonElement.Parse(text))));
    }

    [Theory]
    [InlineData("""{"items":{"uniqueItems":true}}""", """[[{"a":1,"b":2.0},{"b":2,"a":1}]]""", "#/items", "uniqueItems", "/0")]
    [InlineData("""{"uniqueItems":true}""", """[1,"1",true,[1],{"a":1}]""", null, null, null)]
    [InlineData("""{"allOf":[{"properties":{"a":true}}],"unevaluatedProperties":false}""", """{"a":1,"b/c":2}""", "#", "unevaluatedProperties", "/b~1c")]
    [InlineData("""{"anyOf":[{"required":["b"],"properties":{"b":true}},{"properties":{"a":true}}],"unevaluatedProperties":false}""", """{"a":1,"b":2}""", null, null, null)]
    [InlineData("""{"prefixItems":[true],"contains":{"type":"string"},"unevaluatedItems":false}""", """[1,"a",2]""", "#", "unevaluatedItems", "/2")]
    [InlineData("""{"pattern":"^(a+)-\\1$"}""", "\"aa-a\"", "#", "pattern", "")]
    [InlineData("""{"pattern":"^(a+)-\\1$"}""", "\"aa-aa\"", null, null, null)]
    [InlineData("""{"multipleOf":0.01}""", "1.115", "#", "multipleOf", "")]
    [InlineData("""{"multipleOf":0.01,"maximum":1e3}""", "1e3", null, null, null)]
    [InlineData("""{"oneOf":[{"type":"integer"},{"minimum":2}]}""", "3", "#", "oneOf", "")]
    [InlineData("""{"if":{"type":"string"},"then":{"minLength":2}}""", "\"é\"", "#/then", "minLength", "")]
    [InlineData("""{"propertyNames":{"maxLength":1}}""", """{"ab":1}""", "#/propertyNames", "maxLength", "/ab")]
    [InlineData("""{"dependentRequired":{"a":["b"]}}""", """{"a":1}""", "#", "dependentRequired", "")]
    [InlineData("""{"properties":{"a":false}}""", """{"a":1}""", "#/properties/a", "false", "/a")]
    public void FindFault_Value_NamesSchemaKeywordAndPart(string schema, string value, string? pointer, string? keyword, string? instance)
    {
        SchemaFault? fault = Validator(schema).FindFault(JsonElement.Parse(value));

        Assert.Equal(pointer is null ? null : new SchemaFault(pointer, keyword!, instance!), fault);
    }

    [Theory]
    [InlineData("""{"$ref":"#"}""", "#")]
    [InlineData("""{"items":{"$ref":"#/$defs/a"},"$defs":{"a":{"anyOf":[{"type":"string"},{"$ref":"#/$defs/b"}]},"b":{"allOf":[{"$ref":"#/$defs/a"}]}}}""", "#/$defs/a")]
    public void FindFault_SchemaThatRefersToItself_IsInvalid(string schema, string pointer)
    {
        SchemaValidator validator = Validator(schema);

        var error = Assert.Throws<InvalidJsonSchemaException>(() => validator.FindFault(JsonElement.Parse("[1]")));

        Assert.Equal(
            $"The JSON schema is invalid at {pointer}: the schema refers to itself without going into a part of the value, so it says nothing that a value could meet. Put the reference below properties or items.",
            error.Message);
        Assert.Equal(pointer, error.Pointer);
    }

    [Fact]
    public void FindFault_SchemaThatRefersToItselfThroughParts_GoesAsDeepAsTheValue()
    {
        SchemaValidator validator = Validator("""{"type":"array","items":{"$ref":"#"}}""");

        Assert.Null(validator.FindFault(JsonElement.Parse("[[],[[]]]")));
        Assert.Equal(new SchemaFault("#", "type", "/1/0"), validator.FindFault(JsonElement.Parse("[[],[1]]")));
    }

    [Fact]
    public void FindFault_ValueDeeperThanTheStack_IsTooComplex()
    {
        const int Depth = 5_000;
        SchemaValidator validator = Validator("""{"items":{"$ref":"#"}}""");
        using var value = JsonDocument.Parse(new string('[', Depth) + new string(']', Depth), new JsonDocumentOptions { MaxDepth = Depth });
        Exception? error = null;
        var thread = new Thread(() => error = Record.Exception(() => validator.FindFault(value.RootElement)), maxStackSize: 256 * 1024);
        thread.Start();
        thread.Join();

        Assert.Equal("The answer, or the JSON schema's allOf, anyOf, oneOf, not and $ref, nest too deeply to be checked. Nest fewer.", Assert.IsType<ConstraintTooComplexException>(error).Message);
    }

    [Theory]
    [InlineData("""{"items":{"uniqueItems":true}}""", "[[1,1]]", "#/items uniqueItems")]
    [InlineData("""{"not":{"uniqueItems":true}}""", "[1,2]", "#/not uniqueItems")]
    [InlineData("""{"not":{"pattern":"(a)\\1"}}""", "\"aa\"", "#/not pattern")]
    [InlineData("""{"properties":{"a":{"pattern":"^(a)\\1$","maxLength":3}}}""", "{\"a\":\"abc\"}", "#/properties/a pattern")]
    [InlineData("""{"patternProperties":{"^(a)\\1$":{"type":"null"}},"additionalProperties":false}""", "{\"aa\":null}", "# patternProperties")]
    [InlineData("""{"properties":{"a":{"type":"null"}},"unevaluatedProperties":false}""", "{\"b\":1}", "# unevaluatedProperties")]
    public void Compile_Check_LeavesTheKeywordOutAndSaysSo(string schema, string allowed, string unenforced)
    {
        CompiledGrammar grammar = JsonSchemaCompiler.Compile(JsonElement.Parse(schema), SchemaRun.Vocabulary, new() { OnUnsupported = JsonUnsupportedKeywords.Check });

        Assert.True(grammar.Allows(allowed), allowed);
        Assert.NotNull(grammar.AnswerCheck);
        UnenforcedKeyword keyword = Assert.Single(grammar.AnswerCheck!.Keywords);
        Assert.Equal(unenforced, $"{keyword.Pointer} {keyword.Keyword}");
    }

    [Fact]
    public void Compile_Check_KeepsWhatStandsBesideTheKeyword()
    {
        const string Schema = """{"type":"object","properties":{"a":{"type":"string","pattern":"^(a)\\1$","maxLength":3},"b":{"type":"array","uniqueItems":true,"maxItems":2}},"unevaluatedProperties":false}""";
        CompiledGrammar grammar = JsonSchemaCompiler.Compile(JsonElement.Parse(Schema), SchemaRun.Vocabulary, new() { OnUnsupported = JsonUnsupportedKeywords.Check });

        Assert.False(grammar.Allows("{\"a\":\"abcd\"}"));
        Assert.False(grammar.Allows("{\"b\":[1,2,3]}"));
        Assert.Equal(3, grammar.AnswerCheck!.Keywords.Count);
    }

    [Fact]
    public void Compile_CheckWithNothingToCheck_HasNoCheck() =>
        Assert.Null(JsonSchemaCompiler.Compile(JsonElement.Parse("true"), SchemaRun.Vocabulary, new() { OnUnsupported = JsonUnsupportedKeywords.Check }).AnswerCheck);

    private static SchemaValidator Validator(string schema) => new(new SchemaDocument(JsonElement.Parse(schema)), ConstraintLimits.Default);

    private static bool IsJson(string text)
    {
        try
        {
            JsonElement.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
