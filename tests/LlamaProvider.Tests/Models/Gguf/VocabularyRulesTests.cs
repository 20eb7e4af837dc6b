using Xunit;

namespace LlamaProvider.Tests.Models.Gguf;

public class VocabularyRulesTests : GgufTestBase
{
    private const string Tokens = "tokenizer.ggml.tokens";

    [Theory]
    [InlineData(null, "missing")]
    [InlineData("none", "'none'")]
    [InlineData("no_vocab", "'no_vocab'")]
    public void Validate_NoTokenizer_IsRefused(string? model, string value)
    {
        var writer = GgufWriter.Model().Remove("tokenizer.ggml.model");
        AssertRefused(
            model is null ? writer : writer.Set("tokenizer.ggml.model", model),
            $"it has no vocabulary ('tokenizer.ggml.model' is {value}), so it can neither read nor write text. Choose a model file with a " +
            $"tokenizer.");
    }

    [Fact]
    public void Validate_TokensMissing_IsRefused() =>
        AssertRefused(GgufWriter.Model().Remove(Tokens), $"'{Tokens}' is missing; it lists the vocabulary. {ConvertAgain}");

    [Fact]
    public void Validate_TokensOfOtherType_IsRefused() =>
        AssertRefused(GgufWriter.Model().Set(Tokens, new uint[16]), $"'{Tokens}' is array of u32; it must be an array of string. {ConvertAgain}");

    [Fact]
    public void Validate_NoTokens_IsRefused() => AssertRefused(
        GgufWriter.Model().Set(Tokens, Array.Empty<string>()),
        $"'{Tokens}' has 0 tokens in 0 bytes; it must have 1 to 4194304 in at most 268435456. {ConvertAgain}");

    [Theory]
    [InlineData("scores")]
    [InlineData("token_type")]
    public void Validate_ArrayOfOtherLength_IsRefused(string name) => AssertRefused(
        GgufWriter.Model().Set($"tokenizer.ggml.{name}", new int[15]),
        $"'tokenizer.ggml.{name}' has 15 elements; the vocabulary has 16 tokens. {ConvertAgain}");

    [Theory]
    [InlineData("scores", "f32")]
    [InlineData("token_type", "i32")]
    public void Validate_ArrayOfOtherType_IsRefused(string name, string type) => AssertRefused(
        GgufWriter.Model().Set($"tokenizer.ggml.{name}", new uint[16]),
        $"'tokenizer.ggml.{name}' is array of u32; it must be an array of {type}. {ConvertAgain}");

    [Fact]
    public void Validate_MergesOfOtherType_IsRefused() => AssertRefused(
        GgufWriter.Model().Set("tokenizer.ggml.merges", "a b"),
        $"'tokenizer.ggml.merges' is string; it must be an array of string. {ConvertAgain}");

    [Theory]
    [InlineData("t3", 3, 15)]
    [InlineData("t3\0different", 3, 15)]
    public void Validate_SameTextTwice_IsRefused(string text, int first, int second)
    {
        var tokens = GgufWriter.Tokens(16);
        tokens[second] = text;

        AssertRefused(
            GgufWriter.Model().Set(Tokens, tokens), $"tokens {first} and {second} have the same text; each token's text must differ. {ConvertAgain}");
    }

    [Fact]
    public void Validate_EmptyTokens_AreNamedByTheirNumbers()
    {
        var tokens = GgufWriter.Tokens(16);
        (tokens[3], tokens[4]) = ("", "\0");
        AssertAccepted(GgufWriter.Model().Set(Tokens, tokens));

        tokens[5] = "[EMPTY_3]";
        AssertRefused(GgufWriter.Model().Set(Tokens, tokens), $"tokens 3 and 5 have the same text; each token's text must differ. {ConvertAgain}");
    }

    [Theory]
    [InlineData("bos")]
    [InlineData("eos")]
    [InlineData("eot")]
    [InlineData("eom")]
    public void Validate_EndOutsideTheVocabulary_IsRefused(string name) => AssertRefused(
        GgufWriter.Model().Set($"tokenizer.ggml.{name}_token_id", 16u),
        $"'tokenizer.ggml.{name}_token_id' is 16; the vocabulary has 16 tokens. {ConvertAgain}");

    [Fact]
    public void Validate_EndOfOtherType_IsRefused() =>
        AssertRefused(
            GgufWriter.Model().Set("tokenizer.ggml.eos_token_id", 2), $"'tokenizer.ggml.eos_token_id' is i32; it must be u32. {ConvertAgain}");

    [Fact]
    public void Validate_EmbeddingsOfOtherSize_IsRefused() => AssertRefused(
        GgufWriter.Model().Set(Tokens, GgufWriter.Tokens(17)), $"tensor 'token_embd.weight' has 16 rows; the vocabulary has 17 tokens. " +
            $"{ConvertAgain}");
}
