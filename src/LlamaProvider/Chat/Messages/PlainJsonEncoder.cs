using System.Globalization;
using System.Text.Encodings.Web;

namespace LlamaProvider.Chat.Messages;

/// <summary>Escapes what JSON requires and nothing else, so that a model reads every character as itself; the relaxed encoder of .NET escapes emoji and rarer scripts.</summary>
internal sealed unsafe class PlainJsonEncoder : JavaScriptEncoder
{
    public override int MaxOutputCharactersPerInputCharacter => 6;

    public override bool WillEncode(int unicodeScalar) => unicodeScalar is < ' ' or '"' or '\\';

    public override int FindFirstCharacterToEncode(char* text, int textLength)
    {
        for (int index = 0; index < textLength; index++)
        {
            bool isPair = index + 1 < textLength && char.IsSurrogatePair(text[index], text[index + 1]);
            if (!isPair && (WillEncode(text[index]) || char.IsSurrogate(text[index])))
            {
                return index;
            }

            index += isPair ? 1 : 0;
        }

        return -1;
    }

    public override bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        var destination = new Span<char>(buffer, bufferLength);
        string escaped = unicodeScalar switch
        {
            '"' => "\\\"",
            '\\' => @"\\",
            '\n' => @"\n",
            '\r' => @"\r",
            '\t' => @"\t",
            _ => string.Create(CultureInfo.InvariantCulture, $"\\u{unicodeScalar:x4}"),
        };
        numberOfCharactersWritten = escaped.TryCopyTo(destination) ? escaped.Length : 0;
        return numberOfCharactersWritten > 0;
    }
}
