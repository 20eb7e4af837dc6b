using System.Buffers;
using System.Text;
using System.Text.Unicode;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Grammar;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Native.Interop;

namespace LlamaProvider.ModelTests.Constraints;

/// <summary>Masks against those of llama.cpp's grammar sampler, along random texts.</summary>
public sealed class GrammarReferenceTests(PocketModel pocket) : IClassFixture<PocketModel>
{
    public static TheoryData<string, string> Grammars => new()
    {
        { "arithmetic", "root ::= (expr \"=\" ws term \"\\n\")+\nexpr ::= term ([-+*/] term)*\nterm ::= ident | num | \"(\" ws expr \")\" ws\nident ::= [a-z] [a-z0-9_]* ws\nnum ::= [0-9]+ ws\nws ::= [ \\t\\n]*" },
        {
            "json",
            "root ::= object\nvalue ::= object | array | string | number | (\"true\" | \"false\" | \"null\") ws\n"
            + "object ::= \"{\" ws (string \":\" ws value (\",\" ws string \":\" ws value)*)? \"}\" ws\narray ::= \"[\" ws (value (\",\" ws value)*)? \"]\" ws\n"
            + "string ::= \"\\\"\" ([^\"\\\\\\x7F\\x00-\\x1F] | \"\\\\\" ([\"\\\\bfnrt] | \"u\" [0-9a-fA-F]{4}))* \"\\\"\" ws\n"
            + "number ::= (\"-\"? ([0-9] | [1-9] [0-9]{0,15})) (\".\" [0-9]+)? ([eE] [-+]? [0-9] [1-9]{0,15})? ws\nws ::= | \" \" | \"\\n\" [ \\t]{0,20}"
        },
        { "list", "root ::= item+\nitem ::= \"- \" [^\\r\\n\\x0b\\x0c\\x85\\u2028\\u2029]+ \"\\n\"" },
        {
            "chess",
            "root ::= (\n  # the first move\n  \"1. \" move \" \" move \"\\n\"\n  ([1-9] [0-9]? \". \" move \" \" move \"\\n\")+\n)\nmove ::= (pawn | piece | castle) [+#]?\n"
            + "piece ::= [NBKQR] [a-h]? [1-8]? \"x\"? [a-h] [1-8]\npawn ::= ([a-h] \"x\")? [a-h] [1-8] (\"=\" [NBKQR])?\ncastle ::= \"O-O\" \"-O\"?"
        },
        {
            "japanese",
            "root ::= jp-char+ ([ \\t\\n] jp-char+)*\njp-char ::= hiragana | katakana | punctuation | cjk\nhiragana ::= [ぁ-ゟ]\nkatakana ::= [ァ-ヿ]\npunctuation ::= [、-〾]\ncjk ::= [一-鿿]"
        },
        { "ambiguous", "root ::= a\na ::= \"a\" a \"b\" | \"a\" b \"c\" | \"\"\nb ::= \"a\" a \"d\" | \"a\" b \"e\" | [ab]? [ab]? \"\\n\"?" },
        { "tokens", "root ::= <|im_start|> (!<|im_start|>){1,5} <|im_start|> [a-z ]* <[300]>" },
    };

    [Theory]
    [MemberData(nameof(Grammars))]
    public void FillMask_RandomTexts_AllowsWhatLlamaCppAllows(string name, string gbnf)
    {
        Vocabulary vocabulary = pocket.Model.Vocabulary;
        CompiledGrammar grammar = GrammarCompiler.Compile(gbnf, new ConstraintVocabulary(vocabulary), ConstraintLimits.Default);
        var random = new Random(1);
        int compared = 0;
        for (int walk = 0; walk < 4; walk++)
        {
            using var reference = new LlamaCppGrammar(LibLlama.ModelGetVocabulary(pocket.Model.Handle), vocabulary.Count, gbnf);
            GrammarMatcher matcher = grammar.CreateMatcher();
            var text = new List<byte>();
            for (int step = 0; step < 40; step++)
            {
                var mask = new TokenMask(vocabulary.Count);
                matcher.FillMask(mask);
                bool[] expected = reference.Mask();
                for (int token = 0; token < vocabulary.Count; token++)
                {
                    Assert.True(
                        mask[token] == expected[token] || IsKnownDifference(vocabulary, token, text, isOurs: mask[token]),
                        $"{name} after '{Encoding.UTF8.GetString([.. text])}', token {token} {Convert.ToHexString(vocabulary.GetBytes(token))}: ours {mask[token]}.");
                }

                compared += mask.Count;
                int[] legal = [.. Enumerable.Range(0, vocabulary.Count).Where(token => mask[token] && expected[token] && !vocabulary.IsEndOfGeneration(token))];
                if (legal.Length == 0)
                {
                    break;
                }

                int next = legal[random.Next(legal.Length)];
                Assert.True(matcher.Accept(next));
                reference.Accept(next);
                text.AddRange(vocabulary.GetBytes(next));
            }
        }

        Assert.True(compared > 20, $"Only {compared} tokens were legal.");
    }

    /// <summary>Where llama.cpp does not do what the grammar says.</summary>
    private static bool IsKnownDifference(Vocabulary vocabulary, int token, List<byte> text, bool isOurs)
    {
        ReadOnlySpan<byte> bytes = vocabulary.GetBytes(token);
        if (isOurs)
        {
            // It reads no token that begins with the null character, and lets a token reference match none that is not whole characters.
            return bytes[0] == 0 || !Utf8.IsValid(bytes);
        }

        // It lets a text end within a character, lets a control token stand for the characters of its name, and takes overlong forms, surrogates and lone
        // continuation bytes for characters.
        return vocabulary.IsEndOfGeneration(token)
            ? !Utf8.IsValid([.. text])
            : !vocabulary.IsText(token) || !CanBeText([.. text, .. bytes]);
    }

    /// <summary>Whether some UTF-8 text begins so.</summary>
    private static bool CanBeText(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out _, out int length) is OperationStatus.InvalidData)
            {
                return false;
            }

            bytes = bytes[length..];
        }

        return true;
    }
}
