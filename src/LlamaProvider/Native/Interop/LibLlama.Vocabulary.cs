using System.Runtime.InteropServices;

namespace LlamaProvider.Native.Interop;

// Vocabulary and tokenizer. A vocabulary pointer lives as long as its model.
internal static unsafe partial class LibLlama
{
    [LibraryImport(Library, EntryPoint = "llama_vocab_type")]
    public static partial int VocabularyTypeOf(nint vocabulary);

    [LibraryImport(Library, EntryPoint = "llama_vocab_n_tokens")]
    public static partial int VocabularyCount(nint vocabulary);

    [LibraryImport(Library, EntryPoint = "llama_vocab_get_attr")]
    public static partial int VocabularyAttributes(nint vocabulary, int token);

    [LibraryImport(Library, EntryPoint = "llama_vocab_get_score")]
    public static partial float VocabularyScore(nint vocabulary, int token);

    [LibraryImport(Library, EntryPoint = "llama_vocab_is_eog")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool VocabularyIsEndOfGeneration(nint vocabulary, int token);

    [LibraryImport(Library, EntryPoint = "llama_vocab_is_control")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool VocabularyIsControl(nint vocabulary, int token);

    [LibraryImport(Library, EntryPoint = "llama_vocab_bos")]
    public static partial int VocabularyBeginningOfText(nint vocabulary);

    [LibraryImport(Library, EntryPoint = "llama_vocab_eos")]
    public static partial int VocabularyEndOfText(nint vocabulary);

    [LibraryImport(Library, EntryPoint = "llama_vocab_eot")]
    public static partial int VocabularyEndOfTurn(nint vocabulary);

    [LibraryImport(Library, EntryPoint = "llama_vocab_sep")]
    public static partial int VocabularySeparator(nint vocabulary);

    [LibraryImport(Library, EntryPoint = "llama_vocab_nl")]
    public static partial int VocabularyNewLine(nint vocabulary);

    [LibraryImport(Library, EntryPoint = "llama_vocab_pad")]
    public static partial int VocabularyPadding(nint vocabulary);

    [LibraryImport(Library, EntryPoint = "llama_vocab_get_add_bos")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool VocabularyAddsBeginningOfText(nint vocabulary);

    [LibraryImport(Library, EntryPoint = "llama_vocab_get_add_eos")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool VocabularyAddsEndOfText(nint vocabulary);

    [LibraryImport(Library, EntryPoint = "llama_vocab_get_add_sep")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool VocabularyAddsSeparator(nint vocabulary);

    [LibraryImport(Library, EntryPoint = "llama_vocab_fim_pre")]
    public static partial int VocabularyInfillPrefix(nint vocabulary);

    [LibraryImport(Library, EntryPoint = "llama_vocab_fim_suf")]
    public static partial int VocabularyInfillSuffix(nint vocabulary);

    [LibraryImport(Library, EntryPoint = "llama_vocab_fim_mid")]
    public static partial int VocabularyInfillMiddle(nint vocabulary);

    [LibraryImport(Library, EntryPoint = "llama_vocab_get_suppress_tokens")]
    public static partial int* VocabularySuppressedTokens(nint vocabulary, out int count);

    [LibraryImport(Library, EntryPoint = "llama_token_to_piece")]
    public static partial int TokenToPiece(
        nint vocabulary, int token, byte* buffer, int length, int leadingSpacesToSkip, [MarshalAs(UnmanagedType.U1)] bool special);

    [LibraryImport(Library, EntryPoint = "llama_tokenize")]
    public static partial int Tokenize(
        nint vocabulary,
        byte* text,
        int textLength,
        int* tokens,
        int capacity,
        [MarshalAs(UnmanagedType.U1)] bool addSpecial,
        [MarshalAs(UnmanagedType.U1)] bool parseSpecial);
}
