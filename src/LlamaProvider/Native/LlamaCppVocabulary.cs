using LlamaProvider.Decoding.Model;
using LlamaProvider.Native.Interop;

namespace LlamaProvider.Native;

/// <summary>Reads a model's vocabulary into managed memory, once, so that no later step has to ask llama.cpp about a token.</summary>
internal static unsafe class LlamaCppVocabulary
{
    public static Vocabulary Read(nint vocabulary)
    {
        int count = LibLlama.VocabularyCount(vocabulary);
        var entries = new VocabularyEntry[count];
        byte[] buffer = new byte[256];
        for (int token = 0; token < count; token++)
        {
            int length = ReadPiece(vocabulary, token, ref buffer);
            entries[token] = new VocabularyEntry(buffer.AsSpan(0, length).ToArray(), ReadAttributes(vocabulary, token));
        }

        return new Vocabulary(entries, ReadSpecial(vocabulary));
    }

    private static int ReadPiece(nint vocabulary, int token, ref byte[] buffer)
    {
        int length = Read(buffer);
        if (length < 0)
        {
            buffer = new byte[-length];
            length = Read(buffer);
        }

        return Math.Max(length, 0);

        int Read(byte[] target)
        {
            fixed (byte* bytes = target)
            {
                return LibLlama.TokenToPiece(vocabulary, token, bytes, target.Length, 0, special: true);
            }
        }
    }

    /// <summary>A token's kind from what llama.cpp says of it.</summary>
    internal static TokenAttributes ToAttributes(NativeTokenAttributes native, bool isControl, bool isEndOfGeneration)
    {
        TokenAttributes attributes = TokenAttributes.None;
        Add(isControl, TokenAttributes.Control);
        Add(isEndOfGeneration, TokenAttributes.EndOfGeneration);
        Add(native.HasFlag(NativeTokenAttributes.Byte), TokenAttributes.Byte);
        Add(native.HasFlag(NativeTokenAttributes.UserDefined), TokenAttributes.UserDefined);
        Add(native.HasFlag(NativeTokenAttributes.Unknown), TokenAttributes.Unknown);
        Add(native.HasFlag(NativeTokenAttributes.Unused), TokenAttributes.Unused);
        return attributes;

        void Add(bool has, TokenAttributes attribute) => attributes |= has ? attribute : TokenAttributes.None;
    }

    private static TokenAttributes ReadAttributes(nint vocabulary, int token) => ToAttributes(
        (NativeTokenAttributes)LibLlama.VocabularyAttributes(vocabulary, token),
        LibLlama.VocabularyIsControl(vocabulary, token),
        LibLlama.VocabularyIsEndOfGeneration(vocabulary, token));

    private static SpecialTokens ReadSpecial(nint vocabulary) => new()
    {
        BeginningOfText = ToOptional(LibLlama.VocabularyBeginningOfText(vocabulary)),
        EndOfText = ToOptional(LibLlama.VocabularyEndOfText(vocabulary)),
        EndOfTurn = ToOptional(LibLlama.VocabularyEndOfTurn(vocabulary)),
        Padding = ToOptional(LibLlama.VocabularyPadding(vocabulary)),
        NewLine = ToOptional(LibLlama.VocabularyNewLine(vocabulary)),
        Separator = ToOptional(LibLlama.VocabularySeparator(vocabulary)),
        PrependsBeginningOfText = LibLlama.VocabularyAddsBeginningOfText(vocabulary),
        AppendsEndOfText = LibLlama.VocabularyAddsEndOfText(vocabulary),
        InsertsSeparator = LibLlama.VocabularyAddsSeparator(vocabulary),
    };

    private static int? ToOptional(int token) => token < 0 ? null : token;
}
