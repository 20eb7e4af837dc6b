using System.Text;
using System.Text.Json;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.JsonSchema;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Decoding.Tests.Constraints.JsonSchema;

/// <summary>Schemas over a vocabulary of single bytes and a few words.</summary>
internal static class SchemaRun
{
    public static ConstraintVocabulary Vocabulary { get; } = new(ScriptedVocabulary.Bytes("\"a\":", "\",\"", "\": ", "}}", "\":\"", "true", "[1", "12", " \"", "\n  ", "\"b", "\",\"\",\""));

    public static CompiledGrammar Compile(string schema, JsonPropertyOrder order = JsonPropertyOrder.Any, JsonWhitespace whitespace = JsonWhitespace.Flexible, ConstraintLimits? limits = null)
    {
        using JsonDocument document = JsonDocument.Parse(schema, new JsonDocumentOptions { MaxDepth = 4096 });
        return JsonSchemaCompiler.Compile(document.RootElement, Vocabulary, new JsonSchemaOptions { PropertyOrder = order, Whitespace = whitespace }, limits);
    }

    /// <summary>Whether a text is allowed.</summary>
    public static bool Allows(this CompiledGrammar grammar, string text)
    {
        GrammarMatcher matcher = grammar.CreateMatcher();
        return matcher.Accept(Encoding.UTF8.GetBytes(text)) && matcher.CanEnd;
    }

    /// <summary>Follows the mask with random choices until the text may end, which is then as likely as any other step.</summary>
    /// <returns>The text; <see langword="null"/> when it had not ended after so many tokens.</returns>
    public static string? Walk(this CompiledGrammar grammar, Random random, int tokens = 600) => grammar.CreateMatcher().Walk(random, tokens);

    /// <inheritdoc cref="Walk(CompiledGrammar, Random, int)"/>
    public static string? Walk(this ITokenConstraint matcher, Random random, int tokens)
    {
        var mask = new TokenMask(Vocabulary.Vocabulary.Count);
        var text = new List<byte>();
        for (int i = 0; i < tokens; i++)
        {
            matcher.FillMask(mask);
            int[] legal = [.. Enumerable.Range(0, mask.Size).Where(token => mask[token])];
            Assert.True(legal.Length > 0, $"No token is legal after {Encoding.UTF8.GetString([.. text])}.");
            int token = Prefer(legal, random);
            Assert.True(matcher.Accept(token), $"A legal token is refused after {Encoding.UTF8.GetString([.. text])}.");
            if (Vocabulary.Vocabulary.IsEndOfGeneration(token))
            {
                return Encoding.UTF8.GetString([.. text]);
            }

            text.AddRange(Vocabulary.Vocabulary.GetBytes(token));
        }

        return null;
    }

    // What closes a part comes often, or most walks would be lost in strings.
    private static int Prefer(int[] legal, Random random)
    {
        int[] closing = [.. legal.Where(token => Vocabulary.Vocabulary.IsEndOfGeneration(token) || Vocabulary.Vocabulary.GetBytes(token) is [(byte)'"' or (byte)'}' or (byte)']' or (byte)':'])];
        return closing.Length > 0 && random.Next(3) == 0 ? closing[random.Next(closing.Length)] : legal[random.Next(legal.Length)];
    }
}
