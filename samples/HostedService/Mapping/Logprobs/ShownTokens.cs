using System.Text;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Tracing;

namespace HostedService.Mapping.Logprobs;

/// <summary>A token that shows in an answer's text.</summary>
/// <param name="Choice">How it was chosen.</param>
/// <param name="Offset">Where it begins in the text, in code points; 0 where it began before the text.</param>
internal readonly record struct ShownToken(TokenStep Choice, int Offset);

/// <summary>Finds out which tokens show in the text of an answer, and in which piece of it. One instance an answer.</summary>
/// <remarks>
/// Between tokens and text stand the stop sequence that ended the answer, reasoning and its marks, calls, white space beside all of these, and control tokens. So each piece of text is looked up in what the
/// tokens say: where the piece before it ended or, failing that, at the first place after. A token belongs to the piece with which the last of its characters shows; one of which a stop sequence cuts off
/// the end, to the end of the answer; one of which no character shows, to none.
/// </remarks>
internal sealed class ShownTokens(Vocabulary vocabulary)
{
    // Characters may be spread over tokens, so tokens are decoded as one text, by the decoder that the answer's text comes from too.
    private readonly Decoder _decoder = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).GetDecoder();
    private readonly Queue<Spelled> _waiting = new();
    private string _ahead = "";
    private int _position;
    private int _points;
    private int? _firstPoint;

    /// <summary>Takes the tokens that were chosen.</summary>
    public void Read(IEnumerable<TraceStep> steps)
    {
        var text = new StringBuilder(_ahead);
        int point = _points + CountPoints(_ahead);
        foreach (TokenStep choice in steps.OfType<TokenStep>().Where(choice => vocabulary.IsText(choice.Token.Id)))
        {
            string added = Decode(vocabulary.GetBytes(choice.Token.Id), flush: false);
            int from = _position + text.Length;

            // A character that is not whole yet is one to come.
            int coming = Math.Sign(_decoder.GetCharCount([], flush: true));
            _waiting.Enqueue(new Spelled(choice, from, from + added.Length + coming, point));
            text.Append(added);
            point += CountPoints(added);
        }

        _ahead = text.ToString();
    }

    /// <summary>Passes over reasoning. Its blocks are lines of it, with marks between them among the tokens.</summary>
    public void PassReasoning(string text)
    {
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (_ahead.IndexOf(line, StringComparison.Ordinal) is >= 0 and int at)
            {
                Pass(at + line.Length);
            }
        }
    }

    /// <summary>The tokens whose last character shows with a piece of text.</summary>
    /// <param name="text">What follows the pieces before it.</param>
    public IReadOnlyList<ShownToken> Show(string text)
    {
        int at = _ahead.IndexOf(text, StringComparison.Ordinal);
        if (at < 0)
        {
            // The text may end in a character that no token completed.
            _ahead += Decode([], flush: true);
            at = _ahead.IndexOf(text, StringComparison.Ordinal);
        }

        if (at < 0 || text.Length == 0)
        {
            return [];
        }

        Pass(at);
        int begin = _position;
        _firstPoint ??= _points;
        Pass(text.Length);
        return [.. Take(spelled => spelled.To <= _position).Where(spelled => spelled.To > begin).Select(ToShown)];
    }

    /// <summary>The token of which the last piece showed the beginning alone, once nothing follows.</summary>
    public IReadOnlyList<ShownToken> Complete() => _firstPoint is null ? [] : [.. Take(spelled => spelled.From < _position && spelled.To > _position).Select(ToShown)];

    private static int CountPoints(ReadOnlySpan<char> text)
    {
        int count = 0;
        foreach (char unit in text)
        {
            count += char.IsLowSurrogate(unit) ? 0 : 1;
        }

        return count;
    }

    private string Decode(ReadOnlySpan<byte> bytes, bool flush)
    {
        char[] units = new char[_decoder.GetCharCount(bytes, flush)];
        return new string(units, 0, _decoder.GetChars(bytes, units, flush));
    }

    private void Pass(int length)
    {
        _points += CountPoints(_ahead.AsSpan(0, length));
        _position += length;
        _ahead = _ahead[length..];
    }

    private IEnumerable<Spelled> Take(Predicate<Spelled> isDue)
    {
        while (_waiting.TryPeek(out Spelled next) && isDue(next))
        {
            yield return _waiting.Dequeue();
        }
    }

    private ShownToken ToShown(Spelled spelled) => new(spelled.Choice, Math.Max(0, spelled.Point - _firstPoint!.Value));

    /// <summary>A token's place in what all of them say.</summary>
    /// <param name="Choice">How it was chosen.</param>
    /// <param name="From">Where it begins.</param>
    /// <param name="To">Where the last character that it has a part of ends, or what is known of it.</param>
    /// <param name="Point">Where it begins, in code points.</param>
    private readonly record struct Spelled(TokenStep Choice, int From, int To, int Point);
}
