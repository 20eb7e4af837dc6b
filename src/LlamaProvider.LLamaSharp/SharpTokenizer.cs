using System.Text;
using LLama.Native;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Native;

namespace LlamaProvider.LLamaSharp;

/// <summary>llama.cpp's tokenizer through LLamaSharp, which is safe for concurrent use.</summary>
internal sealed class SharpTokenizer(SafeLlamaModelHandle model) : ITokenizer
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

            // LLamaSharp takes text and encodes it; as Latin-1 every byte arrives as it is, UTF-8 or not.
            int start = destination.Count;
            foreach (LLamaToken token in model.Tokenize(Encoding.Latin1.GetString(utf8), addBos: false, parseSpecial, Encoding.Latin1))
            {
                destination.Add((int)token);
            }

            LlamaCppTokenizer.RefuseMissing(destination, start);
        }
        catch (OverflowException error)
        {
            throw new ModelContextException($"A text of {utf8.Length} bytes has too many tokens to count. Shorten it.", error);
        }
        finally
        {
            if (held)
            {
                model.DangerousRelease();
            }
        }
    }
}
