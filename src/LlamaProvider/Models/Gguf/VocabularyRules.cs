namespace LlamaProvider.Models.Gguf;

/// <summary>
/// A vocabulary that llama.cpp can build a tokenizer from (src/llama-vocab.cpp), and use without an exception leaving its C interface.
/// </summary>
internal static class VocabularyRules
{
    private const string Tokens = "tokenizer.ggml.tokens";

    /// <summary>Checks the vocabulary and returns its size.</summary>
    public static int Check(GgufFile file)
    {
        var model = file.GetText("tokenizer.ggml.model");
        if (model is null or "none" or "no_vocab")
        {
            throw file.Error(
                $"it has no vocabulary ('tokenizer.ggml.model' is {(model is null ? "missing" : $"'{model}'")}), so it can neither read nor " +
                $"write text. Choose a model file with a tokenizer.");
        }

        var tokens = ReadTokens(file);
        CheckLengths(file, tokens.Count);
        CheckMerges(file);
        CheckTexts(file, tokens);
        CheckEnds(file, tokens.Count);
        TokenizerRules.Check(file, model, tokens);
        return tokens.Count;
    }

    /// <summary>Each token has a row in the embedding table.</summary>
    public static void CheckEmbeddings(GgufFile file, IReadOnlyList<GgufFile> shards, int vocabularySize)
    {
        var embeddings = shards.SelectMany(shard => shard.Tensors).FirstOrDefault(tensor => tensor.Name == "token_embd.weight");
        if (embeddings is not null && embeddings.Dimension(1) != (ulong)vocabularySize)
        {
            throw file.Error(
                $"tensor 'token_embd.weight' has {embeddings.Dimension(1)} rows; the vocabulary has {vocabularySize} tokens. {Remedy.ConvertAgain}");
        }
    }

    private static TokenTable ReadTokens(GgufFile file)
    {
        if (!file.Metadata.TryGetValue(Tokens, out var array))
        {
            throw file.Error($"'{Tokens}' is missing; it lists the vocabulary. {Remedy.ConvertAgain}");
        }

        if (!array.IsArrayOf(GgufValueType.String))
        {
            throw file.Error($"'{Tokens}' is {array.TypeName}; it must be an array of string. {Remedy.ConvertAgain}");
        }

        if (array.Count is 0 or > GgufLimits.VocabularyTokens || array.ByteLength > GgufLimits.VocabularyBytes)
        {
            throw file.Error(
                $"'{Tokens}' has {array.Count} tokens in {array.ByteLength} bytes; it must have 1 to {GgufLimits.VocabularyTokens} in at most " +
                $"{GgufLimits.VocabularyBytes}. {Remedy.ConvertAgain}");
        }

        return TokenTable.Read(file, array);
    }

    private static void CheckLengths(GgufFile file, int count)
    {
        CheckArray(file, "tokenizer.ggml.scores", count, GgufValueType.Float32, GgufValueType.Int32);
        CheckArray(file, "tokenizer.ggml.token_type", count, GgufValueType.Int32, GgufValueType.Int32);
    }

    private static void CheckArray(GgufFile file, string key, int count, GgufValueType type, GgufValueType otherType)
    {
        if (!file.Metadata.TryGetValue(key, out var array))
        {
            return;
        }

        if (!array.IsArrayOf(type) && !array.IsArrayOf(otherType))
        {
            throw file.Error($"'{key}' is {array.TypeName}; it must be an array of {GgufValueTypes.NameOf(type)}. {Remedy.ConvertAgain}");
        }

        if (array.Count != count)
        {
            throw file.Error($"'{key}' has {array.Count} elements; the vocabulary has {count} tokens. {Remedy.ConvertAgain}");
        }
    }

    private static void CheckMerges(GgufFile file)
    {
        if (file.Metadata.TryGetValue("tokenizer.ggml.merges", out var merges) && !merges.IsArrayOf(GgufValueType.String))
        {
            throw file.Error($"'tokenizer.ggml.merges' is {merges.TypeName}; it must be an array of string. {Remedy.ConvertAgain}");
        }
    }

    /// <summary>llama.cpp names an empty token by its number, and asserts that no two tokens have the same text.</summary>
    private static void CheckTexts(GgufFile file, TokenTable tokens)
    {
        if (tokens.FindDuplicate() is var (first, second))
        {
            throw file.Error($"tokens {first} and {second} have the same text; each token's text must differ. {Remedy.ConvertAgain}");
        }
    }

    /// <summary>
    /// The tokens by which generation starts and ends are in the vocabulary. llama.cpp warns about others that are not, and ignores them; published
    /// models have such padding tokens. All bits set stands for none.
    /// </summary>
    private static void CheckEnds(GgufFile file, int count)
    {
        foreach (var name in (ReadOnlySpan<string>)["bos", "eos", "eot", "eom"])
        {
            var key = $"tokenizer.ggml.{name}_token_id";
            if (!file.Metadata.TryGetValue(key, out var value))
            {
                continue;
            }

            var id = value.AsUInt32() ?? throw file.Error($"'{key}' is {value.TypeName}; it must be u32. {Remedy.ConvertAgain}");
            if (id >= count && id != uint.MaxValue)
            {
                throw file.Error($"'{key}' is {id}; the vocabulary has {count} tokens. {Remedy.ConvertAgain}");
            }
        }
    }
}
