using System.Text;
using System.Text.Json;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.JsonSchema;
using LlamaProvider.Decoding.Constraints.Lengths;
using LlamaProvider.Decoding.Constraints.Phrases;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Model;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Constraints.Completions;

/// <summary>JSON that is completed within a token budget.</summary>
public sealed class SchemaBudgetTests
{
    private static readonly Vocabulary Vocabulary = ScriptedVocabulary.Bytes("{\"", "\":", "\":\"", "\",\"", "\"}", "title", "note", "cat", " cat", "the ", "[", "]}", "true", "12", ", ", "\": {\"", "{\"a\":");

    public static TheoryData<string> Schemas =>
    [
        """{"type":"object"}""",
        """{"type":"object","properties":{"title":{"type":"string"},"n":{"type":"integer"},"note":{"type":"string"}},"required":["title","n"],"additionalProperties":false}""",
        """{"type":"object","properties":{"title":{"type":"string","minLength":5},"list":{"type":"array","items":{"type":"string"},"minItems":2}},"required":["title","list"]}""",
        """{"type":"array","items":{"anyOf":[{"type":"boolean"},{"type":"string","format":"date"}]},"minItems":1}""",
        """{"$ref":"#/$defs/tree","$defs":{"tree":{"type":"object","properties":{"name":{"type":"string"},"child":{"$ref":"#/$defs/tree"}},"required":["name"],"additionalProperties":false}}}""",
        """{"type":"object","minProperties":2,"maxProperties":3,"additionalProperties":{"type":"integer","minimum":100}}""",
        """{"type":"object","patternProperties":{"^k[0-9]+$":{"type":"boolean"},"^long":{"type":"string","minLength":9}},"additionalProperties":false,"minProperties":1}""",
        """{"type":"array","items":{"enum":["red","green","blue"]},"minItems":3,"uniqueItems":true,"maxItems":3}""",
        """{"type":"object","not":{"propertyNames":{"maxLength":4}},"additionalProperties":{"type":"integer"}}""",
        """{"type":"object","patternProperties":{"^a*$":{"enum":[1]}},"additionalProperties":false,"minProperties":4}""",
        """{"type":"object","patternProperties":{"^[ab]+$":{"type":"integer"},"^k[0-9]$":{"type":"integer"},"a$":{"type":"boolean"}},"additionalProperties":false,"minProperties":4}""",
        """{"type":"array","items":{"enum":["xa","aaaaaaaaaaaa","y"]},"uniqueItems":true,"minItems":2}""",
        """{"type":"object","properties":{"a":false,"ab":false},"patternProperties":{"^.{2}$":{"type":"null"}},"minProperties":3}""",
        """{"anyOf":[{"type":"object","propertyNames":{"pattern":"^.{2}$"}},{"type":"object","minProperties":3}]}""",
        "{}",
    ];

    [Theory]
    [MemberData(nameof(Schemas))]
    public void RandomWalk_TightBudget_IsValidAndWithinIt(string schema)
    {
        var vocabulary = new ConstraintVocabulary(Vocabulary);
        ICompiledConstraint compiled = JsonSchemaCompiler.Compile(JsonElement.Parse(schema), vocabulary);
        Completion shortest = compiled.FindTooLong(0) ?? Completion.Empty;
        Assert.Null(compiled.FindTooLong(shortest.Tokens));
        Assert.True(Accepts(compiled, shortest.Text.ToArray()), Encoding.UTF8.GetString(shortest.Text));
        var random = new Random(9);
        int texts = 0;
        for (int round = 0; round < 30; round++)
        {
            int most = shortest.Tokens + (round % 3 * random.Next(25));
            byte[] text = Run(random, compiled.CreateMatcher(most), most);

            Assert.True(Accepts(compiled, text), Encoding.UTF8.GetString(text));
            texts += text.AsSpan().SequenceEqual(shortest.Text) ? 0 : 1;
        }

        Assert.True(texts > 10, "The walks hardly differ from the shortest text, so this proves little.");
    }

    [Fact]
    public void RandomWalk_RequiredPhrasesUnderABudget_EndsWithThemInAValidText()
    {
        const string Schema = """{"type":"object","properties":{"title":{"type":"string"},"list":{"type":"array","items":{"type":"string"},"maxItems":3}},"required":["title"],"additionalProperties":false}""";
        var vocabulary = new ConstraintVocabulary(Vocabulary);
        CompiledGrammar grammar = JsonSchemaCompiler.Compile(JsonElement.Parse(Schema), vocabulary, new JsonSchemaOptions { Whitespace = JsonWhitespace.Compact });
        TextConditions compiled = ConstraintFactory.Compile(vocabulary, grammar, new PhraseOptions { Phrases = ["the cat", "x-y"] }, new PhraseOptions { Phrases = ["y\""] });
        Completion shortest = compiled.FindTooLong(1)!;
        var random = new Random(10);
        for (int round = 0; round < 30; round++)
        {
            int most = shortest.Tokens + (round % 3 * random.Next(10));
            string text = Encoding.UTF8.GetString(Run(random, compiled.CreateMatcher(most), most));

            Assert.Contains("the cat", text, StringComparison.Ordinal);
            Assert.Contains("x-y", text, StringComparison.Ordinal);
            Assert.DoesNotContain("y\"", text, StringComparison.Ordinal);
            Assert.True(Accepts(grammar, Encoding.UTF8.GetBytes(text)), text);
        }
    }

    [Theory]
    [InlineData("""{"type":"object"}""")]
    [InlineData("""{"type":"object","properties":{"title":{"type":"string"},"note":{"type":"integer"}},"required":["title"]}""")]
    public void RandomWalk_PhraseInAnOpenObjectUnderABudget_EndsWithIt(string schema)
    {
        var vocabulary = new ConstraintVocabulary(Vocabulary);
        CompiledGrammar grammar = JsonSchemaCompiler.Compile(JsonElement.Parse(schema), vocabulary, new JsonSchemaOptions { Whitespace = JsonWhitespace.Compact });
        TextConditions compiled = ConstraintFactory.Compile(vocabulary, grammar, new PhraseOptions { Phrases = ["the cat"] });
        Completion shortest = compiled.FindTooLong(1)!;
        var random = new Random(12);
        for (int round = 0; round < 12; round++)
        {
            int most = shortest.Tokens + (round % 3 * random.Next(12));
            string text = Encoding.UTF8.GetString(Run(random, compiled.CreateMatcher(most), most));

            Assert.Contains("the cat", text, StringComparison.Ordinal);
            Assert.True(Accepts(grammar, Encoding.UTF8.GetBytes(text)), text);
        }
    }

    [Fact]
    public void Compile_BudgetOfASchemaIsTooSmall_SaysWhatItTakes()
    {
        var vocabulary = new ConstraintVocabulary(Vocabulary);
        CompiledGrammar grammar = JsonSchemaCompiler.Compile(JsonElement.Parse("""{"const":[true,12]}"""), vocabulary);

        var error = Assert.Throws<InvalidConstraintException>(() => ConstraintFactory.Compile(vocabulary, grammar, lengths: new LengthOptions { MaxTokens = 4 }));

        Assert.Equal("The lengths leave no room: a text that meets all conditions takes '[true,12]', 5 tokens, and the minima of words and sentences, but MaxTokens = 4. Raise the maxima.", error.Message);
    }

    private static bool Accepts(ICompiledConstraint compiled, byte[] text)
    {
        ITokenConstraint plain = compiled.CreateMatcher();
        return text.All(value => plain.Accept(ScriptedVocabulary.Byte((char)value))) && plain.CanEnd;
    }

    private static byte[] Run(Random random, ITokenConstraint constraint, int most)
    {
        var bytes = new List<byte>();
        var mask = new TokenMask(Vocabulary.Count);
        for (int tokens = 0; ; tokens++)
        {
            // What is forced is taken in the most tokens that it can be split into.
            Span<byte> forced = new byte[random.Next(2) * 64];
            foreach (byte value in forced[..constraint.ReadForcedText(forced, out _)])
            {
                Assert.True(constraint.Accept(ScriptedVocabulary.Byte((char)value)), Encoding.UTF8.GetString([.. bytes]));
                bytes.Add(value);
                tokens++;
            }

            constraint.FillMask(mask);
            int[] legal = [.. Enumerable.Range(0, Vocabulary.Count).Where(token => mask[token] && (token < 2 || token >= 258 || token - 2 is >= 0x20 and < 0x7F))];
            int[] whole = [.. legal.Where(token => token >= 258)];
            legal = whole.Length > 0 && random.Next(3) > 0 ? whole : legal;
            Assert.True(legal.Length > 0, Encoding.UTF8.GetString([.. bytes]));
            int token = mask[0] && random.Next(6) == 0 ? 0 : legal[random.Next(legal.Length)];
            Assert.True(constraint.Accept(token));
            if (token == 0)
            {
                return [.. bytes];
            }

            Assert.True(tokens < most, Encoding.UTF8.GetString([.. bytes]));
            bytes.AddRange(Vocabulary.GetBytes(token));
        }
    }
}
