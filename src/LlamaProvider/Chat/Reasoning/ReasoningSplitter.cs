using System.Runtime.InteropServices;
using System.Text;
using LlamaProvider.Decoding.Reasoning;

namespace LlamaProvider.Chat.Reasoning;

/// <summary>Divides the tokens of an answer into reasoning and answer, and takes out the marks and the white space beside them. One instance an answer.</summary>
/// <remarks>Held back is what may still become a mark, and white space at the end of reasoning, which is dropped when a mark follows.</remarks>
/// <param name="tokens">The marks.</param>
/// <param name="reasoning">Receives reasoning.</param>
/// <param name="answer">Receives the rest.</param>
/// <param name="callBegin">What stands between reasoning and a call, and is part of neither; empty in most formats.</param>
internal sealed class ReasoningSplitter(ReasoningTokens tokens, AnswerText reasoning, AnswerText answer, string callBegin = "")
{
    private readonly byte[] _callBegin = Encoding.UTF8.GetBytes(callBegin);
    private readonly List<byte> _held = [];
    private ReasoningPlace _place = tokens.Marks.First;
    private bool _hasReasoned;
    private bool _begins = true;

    /// <summary>Tokens of reasoning, its closing mark included.</summary>
    public int ReasoningTokenCount { get; private set; }

    /// <summary>Adds a token.</summary>
    public void Append(int token)
    {
        ReasoningTokenCount += _place.Phase == ReasoningPhase.Reasoning ? 1 : 0;
        if (_place.Phase == ReasoningPhase.Answer)
        {
            answer.Add(token);
            return;
        }

        ReadOnlySpan<byte> bytes = tokens.BytesOf(_place, token);
        for (int index = 0; index < bytes.Length; index++)
        {
            if (_place.Phase == ReasoningPhase.Answer)
            {
                answer.Add(bytes[index..]);
                return;
            }

            Append(bytes[index]);
        }

        if (_place.Phase == ReasoningPhase.Reasoning)
        {
            ReleaseReasoning(_held.Count - tokens.Marks.PendingBytes(_place));
        }
    }

    /// <summary>Gives out what is held, once no token follows: no mark can become whole any more.</summary>
    public void Complete()
    {
        if (_place.Phase == ReasoningPhase.Reasoning)
        {
            ReleaseReasoning(_held.Count);
        }
        else
        {
            ReleaseAnswer();
        }

        _held.Clear();
    }

    private void Append(byte value)
    {
        ReasoningPhase before = _place.Phase;
        ReasoningPlace next = tokens.Marks.Advance(_place, value);
        _held.Add(value);
        if (next.Phase != before)
        {
            if (next.Phase == ReasoningPhase.Gap)
            {
                ReleaseReasoning(_held.Count - tokens.Marks.EndBytes);
            }
            else if (next is { Phase: ReasoningPhase.Answer, Node: 0 })
            {
                ReleaseAnswer();
            }

            _held.Clear();
            _begins = true;
        }

        _place = next;
    }

    private void ReleaseReasoning(int count)
    {
        int start = 0;
        while (_begins && start < count && ReasoningMarks.IsSpace(_held[start]))
        {
            start++;
        }

        while (count > start && ReasoningMarks.IsSpace(_held[count - 1]))
        {
            count--;
        }

        if (count > start)
        {
            reasoning.Add(_begins && _hasReasoned ? "\n"u8 : []);
            reasoning.Add(CollectionsMarshal.AsSpan(_held)[start..count]);
            (_begins, _hasReasoned) = (false, true);
            _held.RemoveRange(0, count);
        }
    }

    /// <summary>White space is the answer's own only where no mark precedes it.</summary>
    private void ReleaseAnswer()
    {
        int start = _place.Phase == ReasoningPhase.Gap ? _held.TakeWhile(ReasoningMarks.IsSpace).Count() : 0;
        ReadOnlySpan<byte> rest = CollectionsMarshal.AsSpan(_held)[start..];
        answer.Add(_place.Phase == ReasoningPhase.Gap && rest.StartsWith(_callBegin) ? rest[_callBegin.Length..].TrimStart(" \n"u8) : rest);
    }
}
