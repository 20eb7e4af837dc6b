using LLama.Native;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Native;
using LlamaProvider.Native.Interop;

namespace LlamaProvider.LLamaSharp;

/// <summary>Reads a model's vocabulary into managed memory, once.</summary>
internal static class SharpVocabulary
{
    private const string SeparatorKey = "tokenizer.ggml.add_sep_token";

    public static Vocabulary Read(SafeLlamaModelHandle model, IReadOnlyDictionary<string, string> metadata)
    {
        SafeLlamaModelHandle.Vocabulary vocabulary = model.Vocab;
        var entries = new VocabularyEntry[vocabulary.Count];
        byte[] buffer = new byte[256];
        for (int token = 0; token < entries.Length; token++)
        {
            LLamaToken native = token;
            TokenAttributes attributes = LlamaCppVocabulary.ToAttributes(
                (NativeTokenAttributes)native.GetAttributes(vocabulary), native.IsControl(vocabulary), native.IsEndOfGeneration(vocabulary));
            entries[token] = new VocabularyEntry(ReadPiece(vocabulary, native, ref buffer), attributes);
        }

        return new Vocabulary(entries, ReadSpecial(vocabulary, metadata));
    }

    private static byte[] ReadPiece(SafeLlamaModelHandle.Vocabulary vocabulary, LLamaToken token, ref byte[] buffer)
    {
        int length = NativeApi.llama_token_to_piece(vocabulary, token, buffer, lstrip: 0, special: true);
        if (length < 0)
        {
            buffer = new byte[-length];
            length = NativeApi.llama_token_to_piece(vocabulary, token, buffer, lstrip: 0, special: true);
        }

        return buffer.AsSpan(0, Math.Max(length, 0)).ToArray();
    }

    private static SpecialTokens ReadSpecial(SafeLlamaModelHandle.Vocabulary vocabulary, IReadOnlyDictionary<string, string> metadata) => new()
    {
        BeginningOfText = (int?)vocabulary.BOS,
        EndOfText = (int?)vocabulary.EOS,
        EndOfTurn = (int?)vocabulary.EOT,
        Padding = (int?)vocabulary.Pad,
        NewLine = (int?)vocabulary.Newline,
        Separator = (int?)vocabulary.SEP,
        PrependsBeginningOfText = vocabulary.ShouldAddBOS,
        AppendsEndOfText = vocabulary.ShouldAddEOS,

        // LLamaSharp does not ask llama.cpp for this one, which follows the file, and else the kind of tokenizer.
        InsertsSeparator = metadata.TryGetValue(SeparatorKey, out string? text) && bool.TryParse(text, out bool inserts) ? inserts : vocabulary.Type == LLamaVocabType.WordPiece,
    };
}
