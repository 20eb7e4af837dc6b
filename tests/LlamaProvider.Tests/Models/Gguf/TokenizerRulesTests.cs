using System.Buffers.Binary;
using System.Globalization;
using Xunit;

namespace LlamaProvider.Tests.Models.Gguf;

public class TokenizerRulesTests : GgufTestBase
{
    private const string Charsmap = "tokenizer.ggml.precompiled_charsmap";

    [Fact]
    public void Validate_SentencePieceWithAllBytes_IsAccepted() => AssertAccepted(SentencePiece(ByteTokens()));

    [Fact]
    public void Validate_SentencePieceWithCharacterForByte_IsAccepted()
    {
        var tokens = ByteTokens();
        tokens['A'] = "A";

        AssertAccepted(SentencePiece(tokens));
    }

    [Theory]
    [InlineData("<0x0a>")]
    [InlineData("<0x0A")]
    [InlineData("<0xZZ>")]
    public void Validate_SentencePieceWithoutAByte_IsRefused(string other)
    {
        var tokens = ByteTokens();
        tokens[10] = other;

        AssertRefused(
            SentencePiece(tokens), $"the vocabulary has no token for the byte 0x0A; a 'llama' tokenizer needs all 256, such as '<0x0A>'. " +
                $"{ConvertAgain}");
    }

    [Fact]
    public void Validate_WordPieceWithByteToken_IsRefused()
    {
        var types = new int[16];
        types[7] = 6;
        AssertRefused(
            GgufWriter.Model("bert").Set("tokenizer.ggml.model", "bert").Set("tokenizer.ggml.token_type", types),
            $"token 7 is a byte token; a 'bert' tokenizer has none. {ConvertAgain}");
    }

    [Fact]
    public void Validate_WordPieceWithoutSeparator_IsRefused() => AssertRefused(
        GgufWriter.Model("bert").Set("tokenizer.ggml.model", "bert").Set("tokenizer.ggml.bos_token_id", 1u),
        $"'tokenizer.ggml.seperator_token_id' is missing; the tokenizer adds this token to texts, and the vocabulary has 16 tokens. {ConvertAgain}");

    [Theory]
    [InlineData("gpt2", "glm4")]
    [InlineData("gemma4", "default")]
    public void Validate_AddedTokenMissing_IsRefused(string model, string pre) => AssertRefused(
        GgufWriter.Model().Set("tokenizer.ggml.model", model).Set("tokenizer.ggml.pre", pre).Set("tokenizer.ggml.add_bos_token", true),
        $"'tokenizer.ggml.bos_token_id' is missing; the tokenizer adds this token to texts, and the vocabulary has 16 tokens. {ConvertAgain}");

    [Fact]
    public void Validate_NameEndedByZeroByte_IsReadAsTheRuntimeReadsIt() => AssertRefused(
        GgufWriter.Model().Set("tokenizer.ggml.pre", "whitespace\0x"),
        $"'tokenizer.ggml.pre' is 'whitespace'; it needs the tokenizer 'whitespace', not 'gpt2'. {ConvertAgain}");

    [Fact]
    public void Validate_Gemma4_AddsItsFirstTokenEvenIfToldNotTo() => AssertRefused(
        GgufWriter.Model().Set("tokenizer.ggml.model", "gemma4").Set("tokenizer.ggml.add_bos_token", false),
        $"'tokenizer.ggml.bos_token_id' is missing; the tokenizer adds this token to texts, and the vocabulary has 16 tokens. {ConvertAgain}");

    [Fact]
    public void Validate_WhitespacePreTokenizerOfOtherTokenizer_IsRefused() => AssertRefused(
        GgufWriter.Model().Set("tokenizer.ggml.pre", "whitespace"),
        $"'tokenizer.ggml.pre' is 'whitespace'; it needs the tokenizer 'whitespace', not 'gpt2'. {ConvertAgain}");

    [Theory]
    [InlineData("t")]
    [InlineData("\\x74")]
    public void Validate_RwkvWithItsFirstBytes_IsAccepted(string single)
    {
        var tokens = GgufWriter.Tokens(16);
        tokens[0] = single;

        AssertAccepted(GgufWriter.Model().Set("tokenizer.ggml.model", "rwkv").Set("tokenizer.ggml.tokens", tokens));
    }

    [Theory]
    [InlineData("tt", "74", 15)]
    [InlineData("\\n\\n", "0A", 0)]
    [InlineData("\\xe4\\xb8", "E4", 0)]
    public void Validate_RwkvWithoutAFirstByte_IsRefused(string text, string value, int token)
    {
        var tokens = GgufWriter.Tokens(16);
        (tokens[0], tokens[1]) = (text, value == "74" ? "tt1" : "t");

        AssertRefused(
            GgufWriter.Model().Set("tokenizer.ggml.model", "rwkv").Set("tokenizer.ggml.tokens", tokens),
            $"token {token} starts with the byte 0x{value}, which is no token by itself; an 'rwkv' tokenizer needs it. {ConvertAgain}");
    }

    [Fact]
    public void Validate_CharsmapOfOneReplacement_IsAccepted() => AssertAccepted(Unigram(CharsmapBytes(replacement: 0)));

    [Fact]
    public void Validate_CharsmapWithReplacementOutsideItsTexts_IsRefused() => AssertRefused(Unigram(CharsmapBytes(replacement: 2)), Damaged);

    [Fact]
    public void Validate_CharsmapLeavingItsArray_IsRefused()
    {
        var bytes = CharsmapBytes(replacement: 0);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), 1u << 20);

        AssertRefused(Unigram(bytes), Damaged);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(1000)]
    public void Validate_CharsmapTooShort_IsRefused(int length) => AssertRefused(Unigram(CharsmapBytes(replacement: 0)[..length]), Damaged);

    [Fact]
    public void Validate_CharsmapOfOtherType_IsRefused() => AssertRefused(
        GgufWriter.Model("t5").Set("tokenizer.ggml.model", "t5").Set(Charsmap, new uint[4]), $"'{Charsmap}' is array of u32; it must be an " +
            $"array of u8 or i8. {ConvertAgain}");

    private static string Damaged => $"'{Charsmap}' leads outside itself; it must be a whole character map. {ConvertAgain}";

    private static string[] ByteTokens() =>
        [.. Enumerable.Range(0, 256).Select(value => string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>"))];

    private static GgufWriter SentencePiece(string[] tokens) => GgufWriter.Model().RemoveTensors()
        .Set("tokenizer.ggml.model", "llama").Set("tokenizer.ggml.tokens", tokens).Add("token_embd.weight", 0, 32, (ulong)tokens.Length);

    private static GgufWriter Unigram(byte[] charsmap) => GgufWriter.Model("t5").Set("tokenizer.ggml.model", "t5").Set(Charsmap, charsmap);

    /// <summary>A double array of 512 nodes with one rule, for the letter A: the root's base is 256, so A leads to node 256 ^ 'A', a leaf.</summary>
    private static byte[] CharsmapBytes(uint replacement)
    {
        var nodes = new uint[512];
        const uint leaf = 256 ^ 'A';
        nodes[0] = 256 << 10;
        nodes[leaf] = ((leaf ^ 256u) << 10) | (1 << 8) | 'A';
        nodes[256] = replacement | 0x8000_0000;

        var bytes = new byte[4 + (4 * nodes.Length) + 2];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)(4 * nodes.Length));
        for (var i = 0; i < nodes.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4 + (4 * i)), nodes[i]);
        }

        bytes[^2] = (byte)'a';
        return bytes;
    }
}
