using LlamaProvider.Decoding.Constraints.JsonSchema;
using LlamaProvider.Decoding.Constraints.Recognition;

namespace LlamaProvider.Decoding.Tests.Constraints.JsonSchema;

/// <summary>No name comes twice, so names that are few run out.</summary>
public sealed class UsedNamesTests
{
    private const int Walks = 60;

    public static TheoryData<string> Satisfiable =>
    [
        """{"type":"object","patternProperties":{"^a$":{"enum":[1]}},"additionalProperties":false}""",
        """{"type":"object","patternProperties":{"^k[0-9]$":{"enum":[1]}},"additionalProperties":false,"minProperties":10}""",
        """{"type":"object","patternProperties":{"^k[0-9]$":{"enum":[1]}},"additionalProperties":false,"minProperties":9,"properties":{"k3":{"enum":[2]}}}""",
        """{"type":"object","propertyNames":{"enum":["a","b","ab"]},"additionalProperties":{"enum":[1]},"minProperties":3}""",
        """{"type":"object","patternProperties":{"^(a|b+)$":{"enum":[1]}},"additionalProperties":false,"minProperties":3}""",
        """{"type":"object","patternProperties":{"^(a|ab|b{2,})$":{"enum":[1]}},"additionalProperties":false,"minProperties":4}""",
        """{"type":"object","properties":{"a":{"enum":[1]},"b":{"enum":[1]}},"patternProperties":{"^(a|c+)$":{}},"additionalProperties":false,"required":["b"],"minProperties":3}""",
        """{"type":"object","patternProperties":{"^[ab]$":{"enum":[1,"x"]}},"additionalProperties":false,"not":{"additionalProperties":{"type":"integer"}}}""",
        """{"type":"object","properties":{"a":{"enum":[1]},"b":{"enum":[1]},"c":{"enum":[1]}},"additionalProperties":false,"dependentRequired":{"c":["a"]},"minProperties":2}""",
        """{"type":"object","properties":{"a":{"enum":[1]},"b":{"enum":[1]},"c":{"enum":[1]}},"additionalProperties":false,"dependentRequired":{"a":["b","c"]},"minProperties":1,"maxProperties":1}""",
        """{"type":"object","properties":{"a":{"enum":[1,"x"]},"b":{"enum":[1]}},"additionalProperties":false,"not":{"additionalProperties":{"type":"integer"}}}""",
        """{"type":"object","properties":{"a":{"enum":[1,"x"]},"b":{"enum":[1]}},"additionalProperties":false,"anyOf":[{"not":{"properties":{"a":{"type":"integer"}}}},{"minProperties":2}]}""",
    ];

    [Theory]
    [MemberData(nameof(Satisfiable))]
    public void FillMask_NamesThatRunOut_LeadsIntoNoDeadEnd(string schema)
    {
        foreach (JsonPropertyOrder order in Enum.GetValues<JsonPropertyOrder>())
        {
            CompiledGrammar grammar = SchemaRun.Compile(schema, order, JsonWhitespace.Compact);
            var random = new Random(11);
            for (int i = 0; i < Walks; i++)
            {
                grammar.Walk(random);
            }
        }
    }

    [Theory]
    [InlineData("""{"type":"object","patternProperties":{"^a$":{}},"additionalProperties":false,"minProperties":2}""")]
    [InlineData("""{"type":"object","patternProperties":{"^k[0-9]$":{}},"additionalProperties":false,"minProperties":11}""")]
    [InlineData("""{"type":"object","patternProperties":{"^k[0-9]{3}$":{}},"additionalProperties":false,"minProperties":1001}""")]
    [InlineData("""{"type":"object","patternProperties":{"^k[0-9]$":{}},"properties":{"k3":true,"x":true},"additionalProperties":false,"minProperties":12}""")]
    [InlineData("""{"type":"object","propertyNames":{"enum":["a","b"]},"minProperties":3}""")]
    [InlineData("""{"type":"object","properties":{"a":true,"b":true},"additionalProperties":false,"dependentRequired":{"a":["b"],"b":["a"]},"minProperties":1,"maxProperties":1}""")]
    [InlineData("""{"type":"object","properties":{"a":true},"additionalProperties":false,"allOf":[{"not":{"additionalProperties":{"type":"integer"}}},{"not":{"additionalProperties":{"type":"string"}}}],"propertyNames":{"const":"a"},"patternProperties":{"a":{"type":["integer","string"]}}}""")]
    public void Compile_MoreMembersThanNames_IsRefused(string schema)
    {
        var error = Assert.Throws<InvalidJsonSchemaException>(() => SchemaRun.Compile(schema));
        Assert.Equal("The JSON schema is invalid at #: no value meets the schema. Loosen the keywords that exclude each other.", error.Message);
    }

    [Theory]
    [InlineData("""{"a":1,"a":1}""", false)]
    [InlineData("""{"a":1,"bb":1,"b":1}""", true)]
    [InlineData("""{"b":1,"b":1}""", false)]
    [InlineData("""{"a":1,"b":1,"bbb":1}""", true)]
    public void Accept_NamesOfAPattern_OnceEach(string text, bool isAllowed)
    {
        CompiledGrammar grammar = SchemaRun.Compile("""{"type":"object","patternProperties":{"^(a|b+)$":{"enum":[1]}},"additionalProperties":false}""");
        Assert.Equal(isAllowed, grammar.Allows(text));
    }

    [Fact]
    public void Accept_FewNamesOfAPattern_InAnyOrderAmongMentionedOnes()
    {
        CompiledGrammar grammar = SchemaRun.Compile(
            """{"type":"object","properties":{"m":{"enum":[1]},"n":{"enum":[1]}},"patternProperties":{"^[ab]$":{"enum":[1]}},"additionalProperties":false}""", JsonPropertyOrder.Schema);
        Assert.True(grammar.Allows("""{"b":1,"m":1,"a":1,"n":1}"""));
        Assert.False(grammar.Allows("""{"n":1,"m":1}"""));
        Assert.False(grammar.Allows("""{"n":1,"c":1}"""));
    }
}
