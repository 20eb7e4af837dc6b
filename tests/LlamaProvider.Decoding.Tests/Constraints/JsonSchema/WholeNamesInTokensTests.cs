using System.Text;
using System.Text.Json;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.JsonSchema;
using LlamaProvider.Decoding.Constraints.Phrases;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Model;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Constraints.JsonSchema;

/// <summary>A token that ends a name and goes on beyond its value is judged by that very name, as if its bytes came one by one.</summary>
public sealed class WholeNamesInTokensTests
{
    private static readonly Vocabulary Vocabulary = ScriptedVocabulary.Bytes(
        "\"a\":1", "a\":1,\"a\":", "a\":1,\"b\":", "b\":1,", "b\":1,\"b\":1}", "\":1,\"", "\":1,\"a\":", "\":1}", "\":1,", "b\":1}", "\"b\":1,\"", "k1\":1,\"k1\":1", "k1\":1,\"k2\":1", "bb\":1,\"bb",
        "a\":{\"a\":1", "a\":{\"a\":1},\"a\":", "\":[1,", "\":[1],\"a\":");

    public static TheoryData<string> Schemas =>
    [
        """{"type":"object"}""",
        """{"type":"object","additionalProperties":{"enum":[1]}}""",
        """{"type":"object","properties":{"a":{"enum":[1]}},"additionalProperties":{"enum":[1]},"maxProperties":3}""",
        """{"type":"object","patternProperties":{"^[ab]$":{"enum":[1]}},"additionalProperties":false,"minProperties":2}""",
        """{"type":"object","patternProperties":{"^k[0-9]$":{"enum":[1]},"^b":{"type":"array"}},"additionalProperties":false}""",
        """{"type":"object","patternProperties":{"^(a|b+)$":{"enum":[1]}},"additionalProperties":false,"minProperties":3}""",
        """{"type":"object","patternProperties":{"^(a|b{1,2})$":{"enum":[1]}},"additionalProperties":false,"minProperties":3}""",
        """{"type":"object","propertyNames":{"enum":["a","b","ab"]},"additionalProperties":{"enum":[1]},"minProperties":2}""",
    ];

    [Theory]
    [MemberData(nameof(Schemas))]
    public void FillMask_TokensOfSeveralMembers_AreThoseWhoseBytesAreAccepted(string schema) =>
        Walk(JsonSchemaCompiler.Compile(JsonElement.Parse(schema), new ConstraintVocabulary(Vocabulary), new JsonSchemaOptions { Whitespace = JsonWhitespace.Compact, PropertyOrder = JsonPropertyOrder.Any }));

    [Theory]
    [MemberData(nameof(Schemas))]
    public void FillMask_TokensOfSeveralMembersWithPhrases_AreThoseWhoseBytesAreAccepted(string schema)
    {
        var vocabulary = new ConstraintVocabulary(Vocabulary);
        CompiledGrammar grammar = JsonSchemaCompiler.Compile(JsonElement.Parse(schema), vocabulary, new JsonSchemaOptions { Whitespace = JsonWhitespace.Compact });
        Walk(ConstraintFactory.Compile(vocabulary, grammar, required: null, new PhraseOptions { Phrases = ["abab", "[["] }));
    }

    private static void Walk(ICompiledConstraint compiled)
    {
        var random = new Random(3);
        var mask = new TokenMask(Vocabulary.Count);
        int several = 0;
        for (int walk = 0; walk < 25; walk++)
        {
            ITokenConstraint constraint = compiled.CreateMatcher();
            var text = new StringBuilder();
            for (int step = 0; step < 30; step++)
            {
                constraint.FillMask(mask);
                for (int token = 258; token < Vocabulary.Count; token++)
                {
                    Assert.True(mask[token] == AcceptsBytes(constraint.Fork(), token), $"'{Vocabulary.GetText(token)}' after '{text}'");
                }

                int[] legal = [.. Enumerable.Range(0, Vocabulary.Count).Where(token => mask[token] && !Vocabulary.IsEndOfGeneration(token) && (token >= 258 || "\"ab:1,{}k23456789[]".Contains((char)(token - 2), StringComparison.Ordinal)))];
                if (legal.Length == 0)
                {
                    Assert.True(constraint.CanEnd, text.ToString());
                    break;
                }

                int next = legal[random.Next(legal.Length)];
                several += next >= 258 ? 1 : 0;
                Assert.True(constraint.Accept(next), $"'{Vocabulary.GetText(next)}' after '{text}'");
                text.Append(Vocabulary.GetText(next));
            }
        }

        Assert.True(several > 10, $"Only {several} tokens of several bytes were taken.");
    }

    private static bool AcceptsBytes(ITokenConstraint constraint, int token)
    {
        foreach (byte value in Vocabulary.GetBytes(token))
        {
            if (!constraint.Accept(ScriptedVocabulary.Byte((char)value)))
            {
                return false;
            }
        }

        return true;
    }
}
