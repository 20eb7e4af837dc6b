using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.JsonSchema;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Constraints.JsonSchema;

public sealed class JsonSchemaCompilerTests
{
    /// <summary>A schema, texts that it allows, and texts that it does not.</summary>
    public static TheoryData<string, string[], string[]> Cases => new()
    {
        { "true", ["1", "\"a\"", "null", "[1, {}]", "{\"a\": {\"b\": [true]}}"], ["", "tru", "[1,]", "{\"a\":1,}", "{\"a\":1,\"a\":2}", "01", "\"\u0001\""] },
        { """{"type":["string","null"]}""", ["\"\"", "null", "\"\\u00e9\\n\""], ["1", "\"\\x\""] },
        { """{"type":"integer"}""", ["0", "-12"], ["1.0", "01", "-", "1e2"] },
        { """{"type":"number"}""", ["0", "-1.5", "1e2", "1.0"], ["1.", ".5", "+1"] },
        { """{"type":"integer","minimum":3,"exclusiveMaximum":7}""", ["3", "6"], ["2", "7", "30"] },
        { """{"minimum":2,"exclusiveMinimum":true,"type":"number"}""", ["2.1", "3"], ["2", "2.0"] },
        { """{"type":"number","multipleOf":0.25}""", ["0.5", "1", "-0.75"], ["0.3"] },
        { """{"enum":["a",1,null,{"x":[1]},[true]]}""", ["\"a\"", "1", "null", "{\"x\":[1]}", "[ true ]"], ["\"b\"", "2", "{\"x\":[]}", "{}", "[]"] },
        { """{"const":2.0}""", ["2", "2.0"], ["2.00", "3"] },
        { """{"type":"string","minLength":2,"maxLength":3}""", ["\"ab\"", "\"äöü\"", "\"\\\"\\\\\""], ["\"a\"", "\"abcd\""] },
        { """{"type":"string","pattern":"^a+$","maxLength":3}""", ["\"a\"", "\"aaa\""], ["\"\"", "\"aaaa\"", "\"ba\""] },
        { """{"type":"string","format":"date"}""", ["\"2024-02-29\""], ["\"2023-02-29\"", "\"x\""] },
        { """{"type":"string","format":"a format of ours"}""", ["\"x\""], ["1"] },
        { """{"type":"array","items":{"type":"integer"},"minItems":1,"maxItems":2}""", ["[1]", "[1,2]"], ["[]", "[1,2,3]", "[\"a\"]"] },
        { """{"prefixItems":[{"type":"integer"},{"type":"string"}],"items":false}""", ["[]", "[1]", "[1,\"a\"]", "7"], ["[\"a\"]", "[1,\"a\",1]"] },
        { """{"items":[{"type":"integer"}],"additionalItems":{"type":"null"}}""", ["[1,null,null]"], ["[1,2]"] },
        { """{"contains":{"type":"string"},"items":{"type":["string","integer"]}}""", ["[\"a\"]", "[1,\"a\",2]"], ["[]", "[1,2]"] },
        { """{"type":"array","contains":{"const":1},"minContains":2,"maxContains":2}""", ["[1,1]", "[1,2,1]"], ["[1]", "[1,1,1]"] },
        { """{"type":"array","not":{"contains":{"const":1}}}""", ["[]", "[2]"], ["[1]", "[2,1]"] },
        { """{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"],"additionalProperties":false}""", ["{\"a\":1}", "{ \"a\" : 1 }"], ["{}", "{\"b\":1}", "{\"a\":1,\"a\":1}", "{\"a\":\"x\"}"] },
        { """{"type":"object","properties":{"a":{"type":"integer"}}}""", ["{}", "{\"b\":[]}", "{\"b\":1,\"a\":2}"], ["{\"a\":\"x\"}", "{\"\\u0061\":\"x\"}", "{\"b\":1,\"b\":1}"] },
        { """{"patternProperties":{"^x":{"type":"integer"}},"additionalProperties":{"type":"null"}}""", ["{\"xy\":1,\"y\":null}"], ["{\"xy\":null}", "{\"y\":1}"] },
        { """{"patternProperties":{"a":{"type":"integer"},"b":{"minimum":5}},"type":"object"}""", ["{\"ab\":6,\"b\":\"x\",\"a\":1}"], ["{\"ab\":4}", "{\"ab\":\"x\"}", "{\"b\":4}"] },
        { """{"type":"object","propertyNames":{"pattern":"^[a-z]+$","maxLength":2}}""", ["{\"ab\":1}", "{}"], ["{\"abc\":1}", "{\"A\":1}"] },
        { """{"type":"object","minProperties":2,"maxProperties":2}""", ["{\"a\":1,\"b\":2}"], ["{\"a\":1}", "{}", "{\"a\":1,\"b\":2,\"c\":3}"] },
        { """{"type":"object","dependentRequired":{"a":["b"]}}""", ["{\"a\":1,\"b\":1}", "{\"b\":1}", "{\"b\":1,\"a\":1}"], ["{\"a\":1}"] },
        { """{"type":"object","dependentSchemas":{"a":{"required":["b"],"properties":{"b":{"type":"null"}}}}}""", ["{\"a\":1,\"b\":null}", "{\"b\":1}"], ["{\"a\":1}", "{\"a\":1,\"b\":1}"] },
        { """{"type":"object","dependencies":{"a":["b"],"c":{"required":["d"]}}}""", ["{\"c\":1,\"d\":1}"], ["{\"c\":1}", "{\"a\":1}"] },
        { """{"allOf":[{"properties":{"a":{"type":"integer"}}},{"properties":{"a":{"minimum":3}},"required":["a"]}],"type":"object"}""", ["{\"a\":3}"], ["{\"a\":2}", "{}"] },
        { """{"anyOf":[{"type":"integer","maximum":2},{"type":"integer","minimum":7}]}""", ["1", "8"], ["5"] },
        { """{"anyOf":[{"properties":{"t":{"const":"x"},"v":{"type":"integer"}},"required":["t","v"]},{"properties":{"t":{"const":"y"},"v":{"type":"string"}},"required":["t","v"]}],"type":"object"}""", ["{\"t\":\"x\",\"v\":1}", "{\"v\":\"s\",\"t\":\"y\"}"], ["{\"t\":\"x\",\"v\":\"s\"}", "{\"v\":1,\"t\":\"y\"}"] },
        { """{"oneOf":[{"type":"integer"},{"minimum":5,"type":"number"}]}""", ["3", "5.5"], ["7", "3.5"] },
        { """{"type":"object","oneOf":[{"required":["a"]},{"required":["b"]}]}""", ["{\"a\":1}", "{\"c\":1,\"b\":1}"], ["{}", "{\"a\":1,\"b\":1}"] },
        // Whether the objects exclude each other is looked for at "a" first, where the schema stands again of which that is a part.
        { """{"oneOf":[{"type":"string"},{"properties":{"a":{"$ref":"#"},"k":{"const":"x"}},"required":["a","k"],"type":"object"},{"properties":{"a":{"type":"integer"},"k":{"const":"y"}},"required":["a","k"],"type":"object"}]}""", ["\"\"", "{\"a\":\"\",\"k\":\"x\"}", "{\"a\":{\"a\":1,\"k\":\"y\"},\"k\":\"x\"}"], ["1", "{\"a\":1,\"k\":\"x\"}", "{\"a\":\"\",\"k\":\"y\"}"] },
        // Two schemas choose between the same objects, one of them inside: the same question comes up while it is being answered.
        { """{"$ref":"#/$defs/outer","$defs":{"outer":{"oneOf":[{"$ref":"#/$defs/a"},{"$ref":"#/$defs/b"}]},"inner":{"oneOf":[{"$ref":"#/$defs/a"},{"$ref":"#/$defs/b"}]},"a":{"type":"object","properties":{"k":{"$ref":"#/$defs/inner"}},"required":["k"]},"b":{"type":"object","properties":{"k":{"type":"integer"}},"required":["k"]}}}""", ["{\"k\":1}", "{\"k\":{\"k\":1}}"], ["{\"k\":\"\"}", "{\"k\":{}}"] },
        { """{"type":"string","oneOf":[{"pattern":"a"},{"pattern":"b"}]}""", ["\"xa\"", "\"bb\""], ["\"ab\"", "\"c\""] },
        { """{"not":{"type":["string","object"]}}""", ["1", "[]", "null"], ["\"a\"", "{}"] },
        { """{"type":"object","not":{"required":["a"]}}""", ["{}", "{\"b\":1}"], ["{\"a\":1}"] },
        { """{"type":"object","not":{"properties":{"a":{"type":"integer"}}}}""", ["{\"a\":\"x\"}", "{\"b\":1,\"a\":null}"], ["{}", "{\"a\":1}"] },
        { """{"type":"object","not":{"additionalProperties":{"type":"integer"}}}""", ["{\"a\":\"x\"}", "{\"a\":1,\"b\":null}"], ["{}", "{\"a\":1}"] },
        { """{"type":"array","not":{"items":{"type":"integer"}}}""", ["[\"x\"]", "[1,null]"], ["[]", "[1]"] },
        { """{"type":"array","not":{"minItems":2}}""", ["[]", "[1]"], ["[1,2]"] },
        { """{"type":"integer","not":{"enum":[1,2]}}""", ["3", "12"], ["1", "2"] },
        { """{"type":"string","not":{"const":"a"}}""", ["\"b\"", "\"\"", "\"ab\""], ["\"a\""] },
        { """{"type":"object","properties":{"a":{"type":"integer"}},"if":{"properties":{"a":{"const":1}},"required":["a"]},"then":{"required":["b"]},"else":{"required":["c"]}}""", ["{\"a\":1,\"b\":0}", "{\"a\":2,\"c\":0}", "{\"c\":0}"], ["{\"a\":1}", "{\"a\":2,\"b\":0}", "{}"] },
        { """{"$ref":"#/$defs/n","$defs":{"n":{"type":"object","properties":{"next":{"$ref":"#/$defs/n"}},"additionalProperties":false}}}""", ["{}", "{\"next\":{\"next\":{}}}"], ["{\"next\":1}", "{\"x\":{}}"] },
        { """{"$id":"http://x/y","properties":{"a":{"$ref":"#here"},"b":{"$ref":"z.json"}},"$defs":{"p":{"$anchor":"here","type":"integer"},"q":{"$id":"z.json","type":"null"}},"type":"object"}""", ["{\"a\":1,\"b\":null}"], ["{\"a\":null}", "{\"b\":1}"] },
        { """{"$schema":"http://json-schema.org/draft-07/schema#","properties":{"a":{"$ref":"#/definitions/i","maximum":3}},"definitions":{"i":{"type":"integer"}},"type":"object"}""", ["{\"a\":5}"], ["{\"a\":\"x\"}"] },
        { """{"properties":{"a":{"$ref":"#/definitions/i","maximum":3}},"definitions":{"i":{"type":"integer"}},"type":"object"}""", ["{\"a\":3}"], ["{\"a\":5}"] },
        { """{"type":"object","properties":{"a":false,"b":true}}""", ["{}", "{\"b\":1}"], ["{\"a\":1}"] },
        { """{"type":"object","properties":{"q\"\\":{"type":"integer"}},"additionalProperties":false}""", ["{\"q\\\"\\\\\":1}"], ["{\"q\":1}"] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Compile_Schema_AllowsWhatItSays(string schema, string[] allowed, string[] refused)
    {
        CompiledGrammar grammar = SchemaRun.Compile(schema);

        Assert.All(allowed, text => Assert.True(grammar.Allows(text), text));
        Assert.All(refused, text => Assert.False(grammar.Allows(text), text));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void FillMask_RandomWalk_EndsAndIsAllowed(string schema, string[] allowed, string[] refused)
    {
        CompiledGrammar grammar = SchemaRun.Compile(schema);
        var random = new Random(allowed.Length + (7 * refused.Length));
        for (int i = 0; i < 20; i++)
        {
            if (grammar.Walk(random) is { } text)
            {
                Assert.True(grammar.Allows(text), text);
            }
        }
    }

    [Fact]
    public void Compile_SchemaOrder_KeepsIt()
    {
        CompiledGrammar grammar = SchemaRun.Compile(
            """{"type":"object","properties":{"b":{"type":"integer"},"a":{"type":"integer"},"c":{}},"required":["a"]}""", JsonPropertyOrder.Schema);

        Assert.True(grammar.Allows("""{"b":1,"a":2,"c":3}"""));
        Assert.True(grammar.Allows("""{"x":0,"a":2,"y":0}"""));
        Assert.False(grammar.Allows("""{"a":2,"b":1}"""));
        Assert.False(grammar.Allows("""{"c":2"""));
    }

    [Fact]
    public void Compile_Compact_HasNoWhitespace()
    {
        CompiledGrammar grammar = SchemaRun.Compile("true", whitespace: JsonWhitespace.Compact);

        Assert.True(grammar.Allows("""{"a":[1,2]}"""));
        Assert.False(grammar.Allows("""{"a": [1,2]}"""));
    }

    [Fact]
    public void Compile_Flexible_AllowsIndentationAndNoEndlessSpace()
    {
        CompiledGrammar grammar = SchemaRun.Compile("true");

        Assert.True(grammar.Allows("{\r\n\t\"a\": [\n    1,\n    2\n  ]\n}"));
        Assert.False(grammar.Allows("{\n\n}"));
        Assert.False(grammar.Allows("{\n" + new string(' ', 65) + "}"));
    }

    [Fact]
    public void FillMask_ScalarsOnly_IsExact()
    {
        CompiledGrammar grammar = SchemaRun.Compile("""{"type":"object","properties":{"a":{"const":12},"b":{}},"required":["a"],"additionalProperties":false}""");
        GrammarMatcher matcher = grammar.CreateMatcher();
        Assert.True(matcher.Accept("{\"a\":1"u8));
        var mask = new TokenMask(SchemaRun.Vocabulary.Vocabulary.Count);

        matcher.FillMask(mask);

        Assert.Equal(1, mask.Count);
        Assert.True(mask[ScriptedVocabulary.Byte('2')]);
    }
}
