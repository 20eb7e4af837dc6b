using System.Collections.Frozen;
using LlamaProvider.Decoding.Model;

namespace LlamaProvider.Decoding.Reasoning;

/// <summary>Marks of reasoning over the tokens of one model: some marks are control tokens, which are no text elsewhere. Immutable and safe for concurrent use.</summary>
/// <param name="vocabulary">The model's tokens.</param>
/// <param name="marks">The marks.</param>
/// <param name="controls">The control tokens of which marks are made.</param>
internal sealed class ReasoningTokens(Vocabulary vocabulary, ReasoningMarks marks, FrozenSet<int> controls)
{
    public ReasoningMarks Marks { get; } = marks;

    /// <summary>What a token adds to the text at a place: nothing for control tokens but for marks where one may come.</summary>
    public ReadOnlySpan<byte> BytesOf(ReasoningPlace place, int token) =>
        vocabulary.IsText(token) || (place.Phase != ReasoningPhase.Answer && controls.Contains(token)) ? vocabulary.GetBytes(token) : [];

    /// <summary>The place after one more token.</summary>
    public ReasoningPlace Advance(ReasoningPlace place, int token)
    {
        if (place.Phase == ReasoningPhase.Answer)
        {
            return place;
        }

        foreach (byte value in BytesOf(place, token))
        {
            place = Marks.Advance(place, value);
        }

        return place;
    }
}
