using System.Collections.Frozen;
using System.Text;

namespace LlamaProvider.Models.Gguf;

/// <summary>
/// What each kind of tokenizer (src/llama-vocab.cpp) needs of its vocabulary to turn any text into tokens. Where it is missing llama.cpp throws
/// out of its C interface, asserts, or never ends, at the first text that needs it.
/// </summary>
internal static class TokenizerRules
{
    /// <summary>LLAMA_TOKEN_TYPE_BYTE.</summary>
    private const uint ByteType = 6;

    /// <summary>Pre-tokenizers that add the first token even where the file does not say so.</summary>
    private static readonly FrozenSet<string> AddFirstToken = new[]
    {
        "llama3", "llama-v3", "llama-bpe", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2", "jina-v5-nano", "tekken", "chameleon",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Pre-tokenizers that add it even where the file says not to.</summary>
    private static readonly FrozenSet<string> AlwaysAddFirstToken =
        new[] { "gemma4", "granite-embed-multi-311m" }.ToFrozenSet(StringComparer.Ordinal);

    public static void Check(GgufFile file, string model, TokenTable tokens)
    {
        var pre = file.GetText("tokenizer.ggml.pre") ?? "";
        switch (model)
        {
            case "llama":
                RequireBytes(file, tokens);
                RequireSpecial(file, "bos", 1, tokens.Count, addedByDefault: true);
                RequireSpecial(file, "eos", 2, tokens.Count, addedByDefault: false);
                break;
            case "bert":
                RequireNoByteTokens(file);
                RequireToken(file, "bos", 101, tokens.Count);
                RequireToken(file, "seperator", 102, tokens.Count);
                break;
            case "t5":
                CharsmapRules.Check(file);
                RequireSpecial(file, "bos", null, tokens.Count, addedByDefault: false);
                RequireSpecial(file, "eos", 1, tokens.Count, addedByDefault: true);
                break;
            case "rwkv":
                RequireFirstBytes(file, tokens);
                break;
            case "gpt2" or "hybriddna" or "whitespace":
                RequirePlainWords(file, model, pre);
                CheckMergingSpecials(file, pre, pre is "glm4" or "chatglm-bpe" ? null : 11, 11, tokens.Count);
                break;
            case "gemma4":
                CheckMergingSpecials(file, "gemma4", null, null, tokens.Count);
                break;
            default:
                break;
        }
    }

    /// <summary>SentencePiece writes bytes that no token covers as byte tokens; <c>byte_to_token</c> throws where one is missing.</summary>
    private static void RequireBytes(GgufFile file, TokenTable tokens)
    {
        var found = new bool[256];
        for (var token = 0; token < tokens.Count; token++)
        {
            var text = tokens[token];
            if (text.Length == 1)
            {
                found[text[0]] = true;
            }
            else if (text.Length == 6 && text.StartsWith("<0x"u8) && text[5] == '>' && IsUpperHex(text[3]) && IsUpperHex(text[4]))
            {
                found[Convert.ToByte(Encoding.ASCII.GetString(text.Slice(3, 2)), 16)] = true;
            }
        }

        var missing = Array.IndexOf(found, false);
        if (missing >= 0)
        {
            throw file.Error(
                $"the vocabulary has no token for the byte 0x{missing:X2}; a 'llama' tokenizer needs all 256, such as '<0x{missing:X2}>'. " +
                $"{Remedy.ConvertAgain}");
        }
    }

    private static bool IsUpperHex(byte character) => character is (>= (byte)'0' and <= (byte)'9') or (>= (byte)'A' and <= (byte)'F');

    /// <summary>WordPiece has no bytes: turning such a token into text aborts.</summary>
    private static void RequireNoByteTokens(GgufFile file)
    {
        if (file.Metadata.TryGetValue("tokenizer.ggml.token_type", out var types)
            && Array.IndexOf(file.ReadUInt32Array(types), ByteType) is >= 0 and var token)
        {
            throw file.Error($"token {token} is a byte token; a 'bert' tokenizer has none. {Remedy.ConvertAgain}");
        }
    }

    /// <summary>The RWKV tokenizer walks a trie and starts over where it finds no token: each first byte must be a token of its own.</summary>
    private static void RequireFirstBytes(GgufFile file, TokenTable tokens)
    {
        var (alone, first) = (new bool[256], new int[256]);
        for (var token = 0; token < tokens.Count; token++)
        {
            if (RwkvText.TryReadFirst(tokens[token], out var value, out var isOnly))
            {
                alone[value] |= isOnly;
                first[value] = token + 1;
            }
        }

        for (var value = 0; value < first.Length; value++)
        {
            if (first[value] > 0 && !alone[value])
            {
                throw file.Error(
                    $"token {first[value] - 1} starts with the byte 0x{value:X2}, which is no token by itself; an 'rwkv' tokenizer needs it. " +
                    $"{Remedy.ConvertAgain}");
            }
        }
    }

    /// <summary>Merging asserts that words have no spaces. The pre-tokenizer 'whitespace' leaves them to a tokenizer that drops them.</summary>
    private static void RequirePlainWords(GgufFile file, string model, string pre)
    {
        if (pre == "whitespace" && model != "whitespace")
        {
            throw file.Error($"'tokenizer.ggml.pre' is 'whitespace'; it needs the tokenizer 'whitespace', not '{model}'. {Remedy.ConvertAgain}");
        }
    }

    private static void CheckMergingSpecials(GgufFile file, string pre, uint? standardBos, uint? standardEos, int count)
    {
        if (AlwaysAddFirstToken.Contains(pre))
        {
            RequireToken(file, "bos", standardBos, count);
        }

        RequireSpecial(file, "bos", standardBos, count, addedByDefault: AddFirstToken.Contains(pre));
        RequireSpecial(file, "eos", standardEos, count, addedByDefault: false);
    }

    /// <summary>A token that is added to texts exists.</summary>
    private static void RequireSpecial(GgufFile file, string name, uint? standard, int count, bool addedByDefault)
    {
        if (file.Metadata.GetValueOrDefault($"tokenizer.ggml.add_{name}_token").AsBool() ?? addedByDefault)
        {
            RequireToken(file, name, standard, count);
        }
    }

    private static void RequireToken(GgufFile file, string name, uint? standard, int count)
    {
        var key = $"tokenizer.ggml.{name}_token_id";
        var stated = file.Metadata.GetValueOrDefault(key).AsUInt32();
        if (!(stated < count) && !(standard < count))
        {
            throw file.Error(
                $"'{key}' is {(stated is null ? "missing" : $"{stated}")}; the tokenizer adds this token to texts, and the vocabulary has " +
                $"{count} tokens. {Remedy.ConvertAgain}");
        }
    }
}
