using System.Runtime.InteropServices;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Native;

/// <summary>llama.cpp's tokenizer, whatever binding reaches it; it is safe for concurrent use.</summary>
/// <param name="model">The model, in which the vocabulary lives.</param>
internal abstract class NativeTokenizer(SafeHandle model) : ITokenizer
{
    public void EncodeText(ReadOnlySpan<byte> utf8, List<int> destination) => Encode(utf8, destination, parseSpecial: false);

    public void EncodeMarkup(ReadOnlySpan<byte> utf8, List<int> destination) => Encode(utf8, destination, parseSpecial: true);

    /// <summary>Appends the tokens of a text that is not empty.</summary>
    protected abstract void Append(ReadOnlySpan<byte> utf8, List<int> destination, bool parseSpecial);

    protected static ModelContextException TooLong(int length) => new($"A text of {length} bytes has too many tokens to count. Shorten it.");

    private void Encode(ReadOnlySpan<byte> utf8, List<int> destination, bool parseSpecial)
    {
        if (utf8.IsEmpty)
        {
            return;
        }

        // The vocabulary must not be freed during the call.
        bool held = false;
        try
        {
            model.DangerousAddRef(ref held);
            int start = destination.Count;
            Append(utf8, destination, parseSpecial);
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
    private static void RefuseMissing(List<int> tokens, int start)
    {
        int missing = CollectionsMarshal.AsSpan(tokens)[start..].IndexOfAnyInRange(int.MinValue, -1);
        if (missing >= 0)
        {
            CollectionsMarshal.SetCount(tokens, start);
            throw new ModelContextException("The model's vocabulary has no token for a part of this text, not even an unknown one. Leave out unusual characters.");
        }
    }
}
