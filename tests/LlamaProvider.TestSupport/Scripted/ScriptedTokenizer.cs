using LlamaProvider.Decoding.Model;

namespace LlamaProvider.TestSupport.Scripted;

/// <summary>Takes the longest token that fits, from the left.</summary>
internal sealed class ScriptedTokenizer(Vocabulary vocabulary) : ITokenizer
{
    public void EncodeText(ReadOnlySpan<byte> utf8, List<int> destination) => Encode(utf8, destination, markup: false);

    public void EncodeMarkup(ReadOnlySpan<byte> utf8, List<int> destination) => Encode(utf8, destination, markup: true);

    private void Encode(ReadOnlySpan<byte> utf8, List<int> destination, bool markup)
    {
        while (!utf8.IsEmpty)
        {
            int best = -1;
            int length = 0;
            for (int token = 0; token < vocabulary.Count; token++)
            {
                ReadOnlySpan<byte> bytes = vocabulary.GetBytes(token);
                bool allowed = markup || vocabulary.IsText(token);
                if (allowed && bytes.Length > length && utf8.StartsWith(bytes))
                {
                    (best, length) = (token, bytes.Length);
                }
            }

            if (best < 0)
            {
                throw new ModelContextException("The vocabulary has no token for a part of this text.");
            }

            destination.Add(best);
            utf8 = utf8[length..];
        }
    }
}
