using System.Text;
using LLama.Native;
using LlamaProvider.Native;

namespace LlamaProvider.LLamaSharp;

/// <summary>llama.cpp's tokenizer through LLamaSharp.</summary>
internal sealed class SharpTokenizer(SafeLlamaModelHandle model) : NativeTokenizer(model)
{
    private readonly SafeLlamaModelHandle _model = model;

    protected override void Append(ReadOnlySpan<byte> utf8, List<int> destination, bool parseSpecial)
    {
        foreach (LLamaToken token in Tokenize(utf8, parseSpecial))
        {
            destination.Add((int)token);
        }
    }

    private LLamaToken[] Tokenize(ReadOnlySpan<byte> utf8, bool parseSpecial)
    {
        try
        {
            // LLamaSharp takes text and encodes it; as Latin-1 every byte arrives as it is, UTF-8 or not.
            return _model.Tokenize(Encoding.Latin1.GetString(utf8), addBos: false, parseSpecial, Encoding.Latin1);
        }
        catch (OverflowException)
        {
            // It takes the number that stands for too many as a count.
            throw TooLong(utf8.Length);
        }
    }
}
