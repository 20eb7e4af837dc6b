using System.Runtime.InteropServices;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Native.Handles;
using LlamaProvider.Native.Interop;

namespace LlamaProvider.Native;

/// <summary>llama.cpp's tokenizer, which is safe for concurrent use.</summary>
internal sealed unsafe class LlamaCppTokenizer(ModelHandle model, nint vocabulary) : ITokenizer
{
    public void EncodeText(ReadOnlySpan<byte> utf8, List<int> destination) => Encode(utf8, destination, parseSpecial: false);

    public void EncodeMarkup(ReadOnlySpan<byte> utf8, List<int> destination) => Encode(utf8, destination, parseSpecial: true);

    private void Encode(ReadOnlySpan<byte> utf8, List<int> destination, bool parseSpecial)
    {
        if (utf8.IsEmpty)
        {
            return;
        }

        // The vocabulary lives inside the model, which must not be freed during the call.
        bool held = false;
        try
        {
            model.DangerousAddRef(ref held);

            // Few tokens are shorter than one byte, so this nearly always suffices; the call says how many it needs when not.
            int guess = utf8.Length + 8;
            int start = destination.Count;
            int count = TryEncode(utf8, destination, guess, parseSpecial);
            if (count < 0)
            {
                TryEncode(utf8, destination, -count, parseSpecial);
            }

            RefuseMissing(destination, start);
        }
        finally
        {
            if (held)
            {
                model.DangerousRelease();
            }
        }
    }

    /// <summary>Some tokenizers answer −1 for text that the vocabulary cannot express; no later call may see it.</summary>
    internal static void RefuseMissing(List<int> tokens, int start)
    {
        int missing = CollectionsMarshal.AsSpan(tokens)[start..].IndexOfAnyInRange(int.MinValue, -1);
        if (missing >= 0)
        {
            CollectionsMarshal.SetCount(tokens, start);
            throw new ModelContextException("The model's vocabulary has no token for a part of this text, not even an unknown one. Leave out unusual characters.");
        }
    }

    private int TryEncode(ReadOnlySpan<byte> utf8, List<int> destination, int capacity, bool parseSpecial)
    {
        int start = destination.Count;
        CollectionsMarshal.SetCount(destination, start + capacity);
        int count;
        fixed (byte* text = utf8)
        fixed (int* tokens = CollectionsMarshal.AsSpan(destination)[start..])
        {
            count = LibLlama.Tokenize(vocabulary, text, utf8.Length, tokens, capacity, addSpecial: false, parseSpecial);
        }

        CollectionsMarshal.SetCount(destination, start + Math.Max(count, 0));
        if (count == int.MinValue)
        {
            throw new ModelContextException($"A text of {utf8.Length} bytes has too many tokens to count. Shorten it.");
        }

        return count;
    }
}
