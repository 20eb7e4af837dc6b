using System.Text;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Sampling.Ranking;

namespace LlamaProvider.Decoding.Strategies.Guidance;

/// <summary>The answer's text, token by token. Bytes of a character that is not whole wait for the rest of it.</summary>
/// <param name="vocabulary">The model's tokens.</param>
internal sealed class AnswerSpelling(Vocabulary vocabulary)
{
    private readonly StringBuilder _text = new();
    private readonly List<byte> _rest = [];
    private int _read;

    /// <summary>The answer and some of its continuations.</summary>
    /// <param name="answer">Its tokens; those of the last call come first.</param>
    /// <param name="tokens">The continuations.</param>
    public TokenGuideRequest Spell(ReadOnlySpan<int> answer, List<RankedToken> tokens)
    {
        foreach (int token in answer[_read..])
        {
            _rest.AddRange(vocabulary.GetBytes(token));
            int whole = CountWhole(_rest);
            _text.Append(Encoding.UTF8.GetString([.. _rest[..whole]]));
            _rest.RemoveRange(0, whole);
        }

        _read = answer.Length;
        return new TokenGuideRequest(_text.ToString(), tokens.ConvertAll(Continue));
    }

    private TokenContinuation Continue(RankedToken token)
    {
        bool isEnd = vocabulary.IsEndOfGeneration(token.Token);
        return new TokenContinuation(token.Token, isEnd ? "" : Added(token.Token), isEnd, token.LogProbability);
    }

    private string Added(int token)
    {
        List<byte> bytes = [.. _rest, .. vocabulary.GetBytes(token)];
        return Encoding.UTF8.GetString([.. bytes[..CountWhole(bytes)]]);
    }

    /// <summary>How many bytes come before a character at the end that is not whole.</summary>
    private static int CountWhole(List<byte> text)
    {
        int last = text.Count - 1;
        while (last > 0 && text.Count - last < 4 && (text[last] & 0xC0) == 0x80)
        {
            last--;
        }

        int length = last < 0 ? 0 : text[last] switch { < 0xC0 => 1, < 0xE0 => 2, < 0xF0 => 3, _ => 4 };
        return last >= 0 && text.Count - last < length ? last : text.Count;
    }
}
