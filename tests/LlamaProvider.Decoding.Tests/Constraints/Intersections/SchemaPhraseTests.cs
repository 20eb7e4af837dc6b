using System.Text;
using System.Text.Json;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.JsonSchema;
using LlamaProvider.Decoding.Constraints.Lengths;
using LlamaProvider.Decoding.Constraints.Phrases;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Model;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Constraints.Intersections;

/// <summary>Phrases inside JSON.</summary>
public sealed class SchemaPhraseTests
{
    private static readonly Vocabulary Vocabulary = ScriptedVocabulary.Bytes("{\"", "\":", "\":\"", "\",\"", "\"}", "title", "note", "cat", " cat", "the ", "[", "]}", "true", "12", ", ", "cat\":", "at\":\"", "k1\":", "te\":\"the ca", "x-", "-y\"", "t\"}", "y\",\"title\":\"", "cats\":1,\"k");

    [Theory]
    [InlineData("""{"type":"object","properties":{"title":{"type":"string"},"n":{"type":"integer"},"note":{"type":"string"}},"required":["title","n"],"additionalProperties":false}""")]
    [InlineData("""{"type":"object","properties":{"title":{"type":"string","maxLength":12},"list":{"type":"array","items":{"type":"string"},"maxItems":3}},"required":["title"]}""")]
    [InlineData("""{"type":"array","items":{"anyOf":[{"type":"boolean"},{"type":"string"}]},"minItems":1,"maxItems":3}""")]
    [InlineData("""{"type":"object","patternProperties":{"^t":{"type":"boolean"},"^n":{"type":"string"}},"additionalProperties":false,"minProperties":2}""")]
    [InlineData("""{"$ref":"#/$defs/tree","$defs":{"tree":{"type":"object","properties":{"name":{"type":"string"},"child":{"$ref":"#/$defs/tree"}},"required":["name"],"additionalProperties":false}}}""")]
    public void RandomWalk_RequiredAndForbiddenPhrases_EndsWithThemInAValidText(string schema)
    {
        var vocabulary = new ConstraintVocabulary(Vocabulary);
        var required = new PhraseOptions { Phrases = ["cat", "x-y"], IgnoreCase = true };
        var forbidden = new PhraseOptions { Phrases = ["cats", "\\u"] };
        CompiledGrammar grammar = JsonSchemaCompiler.Compile(JsonDocument.Parse(schema).RootElement, vocabulary, new JsonSchemaOptions { Whitespace = JsonWhitespace.Compact });
        TextConditions conditions = ConstraintFactory.Compile(vocabulary, grammar, required, forbidden);
        var random = new Random(5);
        for (int round = 0; round < 20; round++)
        {
            string text = Run(random, conditions.CreateMatcher(), out bool isEnded);
            if (!isEnded)
            {
                continue;
            }

            Assert.True(PhraseReferenceAll(text, required), text);
            Assert.DoesNotContain("cats", text, StringComparison.Ordinal);
            GrammarMatcher plain = grammar.CreateMatcher();
            Assert.True(Encoding.UTF8.GetBytes(text).All(value => plain.Accept(ScriptedVocabulary.Byte((char)value))) && plain.CanEnd, text);
        }
    }

    [Theory]
    [InlineData("""{"type":"object","properties":{"title":{"type":"string"},"tit":{"type":"integer"},"note":{"type":"string","maxLength":30}},"required":["title"]}""")]
    [InlineData("""{"type":"object","properties":{"title":{"type":"string"},"tit":{"type":"integer"},"note":{"type":"string"}},"required":["note"],"additionalProperties":false}""")]
    [InlineData("""{"type":"object","properties":{"title":{"type":"string"}},"patternProperties":{"^k":{"type":"boolean"},"^c":{"type":"string"}},"additionalProperties":{"type":"integer"},"minProperties":2}""")]
    [InlineData("""{"type":"object","propertyNames":{"maxLength":4},"additionalProperties":{"type":"string","pattern":"^[a-z-]{2,40}$"},"minProperties":2}""")]
    [InlineData("""{"type":"array","items":{"anyOf":[{"type":"object"},{"type":"string","minLength":5}]},"minItems":1}""")]
    [InlineData("""{"type":"object","propertyNames":{"maxLength":9},"additionalProperties":{"type":"integer"},"minProperties":1,"maxProperties":1}""")]
    [InlineData("""{"type":"object","patternProperties":{"^[a-z]{3,12}$":{"type":"integer"},"^[a-z-]*y$":{"type":"boolean"}},"additionalProperties":false,"maxProperties":2}""")]
    [InlineData("""{"type":"array","items":{"type":"string","pattern":"^[a-z-]{6,9}$"},"maxItems":1}""")]
    public void FillMask_PhrasesInASchema_HasExactlyTheTokensThatAreAccepted(string schema)
    {
        var vocabulary = new ConstraintVocabulary(Vocabulary);
        CompiledGrammar grammar = JsonSchemaCompiler.Compile(JsonElement.Parse(schema), vocabulary, new JsonSchemaOptions { PropertyOrder = JsonPropertyOrder.Any });
        TextConditions conditions = ConstraintFactory.Compile(vocabulary, grammar, new PhraseOptions { Phrases = ["cat", "x-y"] }, new PhraseOptions { Phrases = ["cats", "tt"] });
        var random = new Random(11);
        var mask = new TokenMask(Vocabulary.Count);
        var withoutPhrases = new TokenMask(Vocabulary.Count);
        int excluded = 0;
        for (int round = 0; round < 12; round++)
        {
            ITokenConstraint constraint = conditions.CreateMatcher();
            GrammarMatcher plain = grammar.CreateMatcher();
            var text = new StringBuilder();
            for (int length = 0; length < 40; length++)
            {
                constraint.FillMask(mask);
                plain.FillMask(withoutPhrases);
                excluded += withoutPhrases.Count - mask.Count;
                for (int token = 0; token < Vocabulary.Count; token++)
                {
                    Assert.True(mask[token] == constraint.Fork().Accept(token), $"{text} and '{Vocabulary.GetText(token)}'");
                }

                int[] legal = [.. Enumerable.Range(1, Vocabulary.Count - 1).Where(token => mask[token] && (token >= 258 || token - 2 is >= 0x20 and < 0x7F))];
                int[] whole = [.. legal.Where(token => token >= 258)];
                int[] pool = whole.Length > 0 && random.Next(3) > 0 ? whole : legal;
                if (pool.Length == 0)
                {
                    break;
                }

                int next = pool[random.Next(pool.Length)];
                Assert.True(constraint.Accept(next) && plain.Accept(next));
                text.Append(Vocabulary.GetText(next));
            }
        }

        Assert.True(excluded > 20, $"The phrases took {excluded} tokens from the masks, so they prove little.");
    }

    [Fact]
    public void Compile_PhraseThatFitsNowhere_IsRefused()
    {
        var vocabulary = new ConstraintVocabulary(Vocabulary);
        CompiledGrammar grammar = JsonSchemaCompiler.Compile(JsonDocument.Parse("""{"type":"integer"}""").RootElement, vocabulary);

        var error = Assert.Throws<InvalidConstraintException>(() => ConstraintFactory.Compile(vocabulary, grammar, new PhraseOptions { Phrases = ["cat"] }));

        Assert.Equal("No text of the grammar or schema contains all required phrases and no forbidden one. Require or forbid fewer, or loosen the grammar.", error.Message);
    }

    [Fact]
    public void FillMask_LastPlaceForThePhrase_CannotBeLeftWithoutIt()
    {
        var vocabulary = new ConstraintVocabulary(Vocabulary);
        CompiledGrammar grammar = JsonSchemaCompiler.Compile(
            JsonDocument.Parse("""{"type":"array","items":{"type":"string"},"maxItems":1}""").RootElement, vocabulary, new JsonSchemaOptions { Whitespace = JsonWhitespace.Compact });
        ITokenConstraint constraint = ConstraintFactory.Compile(vocabulary, grammar, new PhraseOptions { Phrases = ["cat"] }).CreateMatcher();
        var mask = new TokenMask(Vocabulary.Count);

        Assert.True(constraint.Accept(ScriptedVocabulary.Byte('[')));
        constraint.FillMask(mask);
        Assert.False(mask[ScriptedVocabulary.Byte(']')]);
        Assert.True(constraint.Accept(ScriptedVocabulary.Byte('"')));
        constraint.FillMask(mask);
        Assert.False(mask[ScriptedVocabulary.Byte('"')]);
        Assert.True("cat".All(letter => constraint.Accept(ScriptedVocabulary.Byte(letter))));
        constraint.FillMask(mask);
        Assert.True(mask[ScriptedVocabulary.Byte('"')]);
    }

    private static bool PhraseReferenceAll(string text, PhraseOptions required) => required.Phrases.All(phrase => text.Contains(phrase, StringComparison.OrdinalIgnoreCase));

    private static string Run(Random random, ITokenConstraint constraint, out bool isEnded)
    {
        var bytes = new List<byte>();
        var mask = new TokenMask(Vocabulary.Count);
        isEnded = false;
        for (int tokens = 0; tokens < 400; tokens++)
        {
            constraint.FillMask(mask);
            Assert.True(mask.Count > 0, Encoding.UTF8.GetString([.. bytes]));
            int[] legal = [.. Enumerable.Range(0, Vocabulary.Count).Where(token => mask[token] && (token < 2 || token >= 258 || token - 2 is >= 0x20 and < 0x7F))];
            int[] ending = [.. legal.Where(token => token == 0 || Vocabulary.GetText(token)[0] is '"' or '}' or ']' or 'c' or 'a' or 't' or 'x' or '-' or 'y')];
            int[] pool = ending.Length > 0 && random.Next(4) > 0 ? ending : legal;
            int token = pool[random.Next(pool.Length)];
            Assert.True(constraint.Accept(token));
            if (token == 0)
            {
                isEnded = true;
                break;
            }

            bytes.AddRange(Vocabulary.GetBytes(token));
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
