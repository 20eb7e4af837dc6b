using System.Text.Json;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.JsonSchema;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Tests.Constraints.JsonSchema;

public sealed class DefaultBoundsTests
{
    private static readonly JsonSchemaOptions Two = new() { MaxStringLength = 2, MaxArrayItems = 2, MaxExtraMembers = 2 };

    /// <summary>A schema, texts that it allows, and texts that it does not.</summary>
    public static TheoryData<string, string[], string[]> Cases => new()
    {
        { "true", ["\"äb\"", "[1,[]]", "{\"a\":1,\"b\":\"xy\"}"], ["\"abc\"", "[1,2,3]", "{\"a\":1,\"b\":1,\"c\":1}", "[\"abc\"]"] },
        { """{"type":"string","maxLength":3}""", ["\"abc\""], ["\"abcd\""] },
        { """{"type":"string","minLength":3}""", ["\"abcde\""], ["\"ab\""] },
        { """{"type":"string","pattern":"^a+$"}""", ["\"aa\""], ["\"aaa\"", "\"b\""] },
        { """{"enum":["abc",[1,2,3]]}""", ["\"abc\"", "[1,2,3]"], ["\"ab\""] },
        { """{"type":"string","not":{"maxLength":1}}""", ["\"ab\""], ["\"a\"", "\"abc\""] },
        { """{"type":"array","minItems":3}""", ["[1,2,3]"], ["[1,2]", "[1,2,3,4]"] },
        { """{"type":"array","maxItems":3}""", ["[1,2,3]"], ["[1,2,3,4]"] },
        { """{"type":"array","prefixItems":[true,true,true],"items":false}""", ["[1,2,3]"], ["[1,2,3,4]"] },
        { """{"type":"array","contains":{"const":1},"minContains":3}""", ["[1,1,1]"], ["[1,1]", "[1,1,1,1]"] },
        { """{"type":"object","properties":{"m":true,"n":true}}""", ["{\"m\":1,\"a\":1,\"n\":1,\"b\":1}"], ["{\"m\":1,\"a\":1,\"b\":1,\"c\":1}"] },
        { """{"type":"object","minProperties":3}""", ["{\"a\":1,\"b\":1,\"c\":1}"], ["{\"a\":1,\"b\":1}", "{\"a\":1,\"b\":1,\"c\":1,\"d\":1}"] },
        { """{"type":"object","maxProperties":3}""", ["{\"a\":1,\"b\":1,\"c\":1}"], ["{\"a\":1,\"b\":1,\"c\":1,\"d\":1}"] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Compile_Maxima_BoundWhatTheSchemaLeavesOpen(string schema, string[] allowed, string[] refused)
    {
        CompiledGrammar grammar = Compile(schema, Two);

        Assert.All(allowed, text => Assert.True(grammar.Allows(text), text));
        Assert.All(refused, text => Assert.False(grammar.Allows(text), text));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void FillMask_RandomWalk_Ends(string schema, string[] allowed, string[] refused)
    {
        CompiledGrammar grammar = Compile(schema, Two);
        var random = new Random(allowed.Length + refused.Length);
        for (int i = 0; i < 10; i++)
        {
            if (grammar.Walk(random) is { } text)
            {
                Assert.True(grammar.Allows(text), text);
            }
        }
    }

    [Fact]
    public void Compile_MaximumBelowZero_NamesOptionAndRule()
    {
        var error = Assert.Throws<InvalidConstraintException>(() => Compile("true", new JsonSchemaOptions { MaxArrayItems = -1 }));

        Assert.Equal(("MaxArrayItems", "MaxArrayItems is -1, but must be 0 or more. Change the option or leave it unset."), (error.Option, error.Message));
    }

    private static CompiledGrammar Compile(string schema, JsonSchemaOptions options) =>
        JsonSchemaCompiler.Compile(JsonElement.Parse(schema), SchemaRun.Vocabulary, options);
}
