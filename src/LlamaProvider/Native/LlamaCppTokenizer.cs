using System.Runtime.InteropServices;
using LlamaProvider.Native.Handles;
using LlamaProvider.Native.Interop;

namespace LlamaProvider.Native;

/// <summary>llama.cpp's tokenizer through this project's own binding.</summary>
internal sealed unsafe class LlamaCppTokenizer(ModelHandle model, nint vocabulary) : NativeTokenizer(model)
{
    protected override void Append(ReadOnlySpan<byte> utf8, List<int> destination, bool parseSpecial)
    {
        // Few tokens are shorter than one byte, so this nearly always suffices; the call says how many it needs when not.
        int guess = utf8.Length + 8;
        int count = TryAppend(utf8, destination, guess, parseSpecial);
        if (count < 0)
        {
            TryAppend(utf8, destination, -count, parseSpecial);
        }
    }

    private int TryAppend(ReadOnlySpan<byte> utf8, List<int> destination, int capacity, bool parseSpecial)
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
        return count == int.MinValue ? throw TooLong(utf8.Length) : count;
    }
}
