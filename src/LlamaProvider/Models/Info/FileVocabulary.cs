using LlamaProvider.Decoding.Model;
using LlamaProvider.Models.Gguf;

namespace LlamaProvider.Models.Info;

/// <summary>The tokens of a file as the file writes them. llama.cpp decodes them and finds more ends of generation, but equal files have equal tokens.</summary>
/// <param name="Tokenizer">The kind of tokenizer and how it splits texts, for example <c>gpt2, smollm</c>.</param>
/// <param name="Tokens">The tokens.</param>
internal sealed record FileVocabulary(string Tokenizer, Vocabulary Tokens)
{
    // enum llama_token_type
    private const uint Unknown = 2;
    private const uint Control = 3;
    private const uint UserDefined = 4;
    private const uint Unused = 5;
    private const uint Byte = 6;

    /// <summary>Reads the vocabulary of a file that has passed the rules.</summary>
    public static FileVocabulary Read(GgufFile file)
    {
        TokenTable table = TokenTable.Read(file, file.Metadata["tokenizer.ggml.tokens"]);
        uint[]? types = file.Metadata.TryGetValue("tokenizer.ggml.token_type", out GgufValue array) ? file.ReadUInt32Array(array) : null;
        string model = file.GetText("tokenizer.ggml.model")!;
        int? end = Special(file, "eos", table.Count);
        int? endOfTurn = Special(file, "eot", table.Count);
        IEnumerable<VocabularyEntry> entries = Enumerable.Range(0, table.Count).Select(token => new VocabularyEntry(
            table[token].ToArray(), AttributesOf(types?[token]) | (token == end || token == endOfTurn ? TokenAttributes.EndOfGeneration : TokenAttributes.None)));
        var special = new SpecialTokens
        {
            BeginningOfText = Special(file, "bos", table.Count),
            EndOfText = end,
            EndOfTurn = endOfTurn,
            PrependsBeginningOfText = file.Metadata.GetValueOrDefault("tokenizer.ggml.add_bos_token").AsBool() ?? (model is "llama" or "bert"),
        };
        string? split = file.GetText("tokenizer.ggml.pre");
        return new FileVocabulary($"{model}{(split is null ? "" : $", {split}")}", new Vocabulary(entries, special));
    }

    private static int? Special(GgufFile file, string role, int count) =>
        file.Metadata.GetValueOrDefault($"tokenizer.ggml.{role}_token_id").AsUInt32() is { } token && token < count ? (int)token : null;

    private static TokenAttributes AttributesOf(uint? type) => type switch
    {
        Unknown => TokenAttributes.Unknown,
        Control => TokenAttributes.Control,
        UserDefined => TokenAttributes.UserDefined,
        Unused => TokenAttributes.Unused,
        Byte => TokenAttributes.Byte,
        _ => TokenAttributes.None,
    };
}
