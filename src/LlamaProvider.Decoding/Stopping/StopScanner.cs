using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Reasoning;

namespace LlamaProvider.Decoding.Stopping;

/// <summary>Looks for stop sequences in the tokens of one answer, reasoning left out. A mutable value: a copy goes on by itself.</summary>
/// <remarks>What may still become a mark is searched as if it were answer, and what was found counts once it has turned out to be.</remarks>
internal struct StopScanner
{
    private readonly Vocabulary _vocabulary;
    private readonly StopSequences _stops;
    private readonly ReasoningTokens? _reasoning;
    private ReasoningPlace _place;
    private int _state = StopSequences.Start;
    private bool _found;

    /// <param name="vocabulary">The model's tokens.</param>
    /// <param name="stops">What to look for.</param>
    /// <param name="reasoning">The marks of reasoning; <see langword="null"/> when all is answer.</param>
    public StopScanner(Vocabulary vocabulary, StopSequences stops, ReasoningTokens? reasoning)
    {
        _vocabulary = vocabulary;
        _stops = stops;
        _reasoning = stops.Texts.IsEmpty ? null : reasoning;
        _place = _reasoning?.Marks.First ?? new ReasoningPlace(ReasoningPhase.Answer, 0);
    }

    /// <summary>Adds a token.</summary>
    /// <returns>Whether the answer has a stop sequence now.</returns>
    public bool Accept(int token)
    {
        if (_place.Phase != ReasoningPhase.Answer)
        {
            foreach (byte value in _reasoning!.BytesOf(_place, token))
            {
                AcceptBeforeAnswer(value);
            }
        }
        else if (_vocabulary.IsText(token))
        {
            foreach (byte value in _vocabulary.GetBytes(token))
            {
                Search(value);
            }
        }

        return _found && _place.Phase == ReasoningPhase.Answer;
    }

    private void AcceptBeforeAnswer(byte value)
    {
        ReasoningPlace next = _reasoning!.Marks.Advance(_place, value);
        bool isMark = next is { Phase: ReasoningPhase.Answer, Node: 1 } && _place.Phase != ReasoningPhase.Answer;
        bool isGap = next is { Phase: ReasoningPhase.Gap, Node: StopSequences.Start };
        _place = next;
        if (isMark || isGap || next.Phase == ReasoningPhase.Reasoning)
        {
            (_state, _found) = (StopSequences.Start, false);
        }
        else
        {
            Search(value);
        }
    }

    private void Search(byte value)
    {
        _state = _stops.Advance(_state, value);
        _found |= _stops.IsMatch(_state, out _);
    }
}
