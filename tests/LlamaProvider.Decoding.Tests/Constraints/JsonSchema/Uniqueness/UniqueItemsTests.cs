using System.Text;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.JsonSchema;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Constraints.JsonSchema.Uniqueness;

public sealed class UniqueItemsTests
{
    /// <summary>A schema, texts that it allows, and texts that it does not.</summary>
    public static TheoryData<string, string[], string[]> Cases => new()
    {
        { """{"type":"array","items":{"type":"string"},"uniqueItems":true}""", ["[]", "[\"a\"]", "[\"a\", \"ab\",\"\"]", "[\"\\\"\",\"\\\\\"]"], ["[\"a\",\"a\"]", "[\"\",\"b\",\"\"]", "[\"\\\"\",\"\\\"\"]", "[\"a\",]"] },
        { """{"type":"array","items":{"type":["number","string"]},"uniqueItems":true}""", ["[1,-1,1.5,0,\"1\"]", "[12,1,121]"], ["[1,1]", "[1,2,1]", "[1.0]", "[1e2]", "[-0]", "[0.5,0.5]"] },
        { """{"type":"array","items":{"enum":["a",1,1.0,null,true]},"uniqueItems":true,"minItems":2}""", ["[1,null]", "[true,\"a\",null,1]"], ["[1]", "[1,1]", "[null,1,null]", "[1,\"a\",true,null,1]", "[1,\"a\",true,null,"] },
        { """{"type":"array","items":{"type":"integer","minimum":1,"maximum":12},"uniqueItems":true,"maxItems":3}""", ["[1,12,11]"], ["[1,12,12]", "[1,2,3,4]", "[11,11]"] },
        { """{"type":"array","prefixItems":[{"enum":["a","b"]},{"const":"a"}],"uniqueItems":true,"minItems":2,"items":false}""", ["[\"b\",\"a\"]"], ["[\"a\"", "[\"b\"]"] },
        { """{"type":"array","prefixItems":[{"type":"string"},{"enum":["a","b"]},{"enum":["a","b"]}],"uniqueItems":true,"minItems":3,"items":{"type":"null"}}""", ["[\"c\",\"b\",\"a\",null]", "[\"ab\",\"a\",\"b\"]"], ["[\"a\"", "[\"b\"", "[\"c\",\"a\",\"a\"]", "[\"c\",\"b\",\"a\",null,null]"] },
        { """{"type":"array","items":{"type":"string","pattern":"^(a|bc?)$"},"uniqueItems":true}""", ["[\"bc\",\"b\",\"a\"]"], ["[\"a\",\"a", "[\"b\",\"bc\",\"a\","] },
        { """{"type":"array","uniqueItems":true,"maxItems":1}""", ["[{}]", "[]"], ["[1,2]"] },
        { """{"type":"array","uniqueItems":false}""", ["[1,1]"], [] },
        { """{"allOf":[{"type":"array","items":{"type":"boolean"}},{"uniqueItems":true}]}""", ["[true,false]"], ["[true,true]", "[true,false,"] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Compile_UniqueItems_AllowsNoTwoEqualValues(string schema, string[] allowed, string[] refused)
    {
        CompiledGrammar grammar = SchemaRun.Compile(schema);

        Assert.All(allowed, text => Assert.True(grammar.Allows(text), text));
        Assert.All(refused, text => Assert.False(grammar.Allows(text) || (!text.EndsWith(']') && grammar.CreateMatcher().Accept(Encoding.UTF8.GetBytes(text))), text));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void FillMask_EveryPlaceOfAWalk_HasTheTokensThatAreAccepted(string schema, string[] allowed, string[] refused)
    {
        CompiledGrammar grammar = SchemaRun.Compile(schema);
        var random = new Random(allowed.Length + refused.Length);
        var mask = new TokenMask(SchemaRun.Vocabulary.Vocabulary.Count);
        for (int walk = 0; walk < 15; walk++)
        {
            GrammarMatcher matcher = grammar.CreateMatcher();
            for (int i = 0; i < 40; i++)
            {
                matcher.FillMask(mask);
                int[] legal = [.. Enumerable.Range(0, mask.Size).Where(token => mask[token])];
                Assert.Equal(Enumerable.Range(0, mask.Size).Where(token => matcher.Fork().Accept(token)), legal);
                Assert.NotEmpty(legal);
                int token = legal[random.Next(legal.Length)];
                Assert.True(matcher.Accept(token));
                if (SchemaRun.Vocabulary.Vocabulary.IsEndOfGeneration(token))
                {
                    break;
                }
            }
        }
    }

    [Fact]
    public void FillMask_OneTokenEndsAnItemAndWritesTheSameAgain_IsNotLegal()
    {
        GrammarMatcher matcher = SchemaRun.Compile("""{"type":"array","items":{"type":"string"},"uniqueItems":true}""").CreateMatcher();
        int repeats = Enumerable.Range(0, SchemaRun.Vocabulary.Vocabulary.Count).Single(token => SchemaRun.Vocabulary.Vocabulary.GetBytes(token).SequenceEqual("\",\"\",\""u8));

        Assert.True(matcher.Accept("[\"a"u8));
        Assert.True(IsLegal(matcher, repeats));
        matcher.Rollback(1);
        Assert.True(matcher.Accept("[\""u8));
        Assert.False(IsLegal(matcher, repeats));
    }

    [Fact]
    public void FillMask_BeginningIsAnItemThatIsThere_MayGoOnButNotEnd()
    {
        GrammarMatcher matcher = SchemaRun.Compile("""{"type":"array","items":{"type":"integer"},"uniqueItems":true}""").CreateMatcher();

        Assert.True(matcher.Accept("[15,1"u8));
        Assert.True(IsLegal(matcher, ScriptedVocabulary.Byte('5')));
        Assert.True(matcher.Accept("5"u8));
        Assert.False(IsLegal(matcher, ScriptedVocabulary.Byte(']')));
        Assert.True(IsLegal(matcher, ScriptedVocabulary.Byte('5')));
    }

    [Fact]
    public void Compile_ManyItemsOfFewValues_SaysThatNoneExists() =>
        Assert.Throws<InvalidJsonSchemaException>(() => SchemaRun.Compile("""{"type":"array","items":{"type":"boolean"},"uniqueItems":true,"minItems":1000000000}"""));

    [Fact]
    public void Compile_MoreItemsThanCanBeListed_NamesTheLimit() => Assert.Equal(
        "Whether an array of the JSON schema has enough different items was not found out in 250,000 steps. Ask for fewer items, or raise the limit ConstraintLimits.SearchSteps.",
        Assert.Throws<ConstraintTooComplexException>(
            () => SchemaRun.Compile("""{"type":"array","items":{"type":"integer","minimum":1,"maximum":999999999},"uniqueItems":true,"minItems":1000000000}""")).Message);

    private static bool IsLegal(GrammarMatcher matcher, int token)
    {
        var mask = new TokenMask(SchemaRun.Vocabulary.Vocabulary.Count);
        matcher.FillMask(mask);
        return mask[token];
    }
}
