using System.Text;
using LlamaProvider.Decoding.Stopping;

namespace LlamaProvider.Decoding.Reasoning;

/// <summary>Follows a text, byte by byte, through reasoning and answer.</summary>
/// <remarks>
/// <para>
/// Before reasoning and before the answer, a mark stands at once or after white space, or there is none and the answer has begun. Inside reasoning the closing mark is found
/// wherever it stands. So all that is ever uncertain is the white space and the beginning of a mark at the end of the text.
/// </para>
/// <para>Immutable and safe for concurrent use; the state is <see cref="ReasoningPlace"/>.</para>
/// </remarks>
internal sealed class ReasoningMarks
{
    private readonly Opening _start;
    private readonly Opening _gap;
    private readonly StopSequences _end;

    /// <param name="first">What the text begins with.</param>
    /// <param name="begins">Marks that open reasoning at the text's beginning.</param>
    /// <param name="answers">Marks that open the answer there.</param>
    /// <param name="end">The mark that ends reasoning; not empty.</param>
    /// <param name="beginsAgain">Marks that open more reasoning after that.</param>
    /// <param name="answersThen">Marks that open the answer after that.</param>
    public ReasoningMarks(ReasoningPhase first, string[] begins, string[] answers, string end, string[] beginsAgain, string[] answersThen)
    {
        First = new ReasoningPlace(first, StopSequences.Start);
        _start = new Opening(begins, answers);
        _gap = new Opening(beginsAgain, answersThen);
        _end = new StopSequences([end]);
        EndBytes = Encoding.UTF8.GetByteCount(end);
    }

    /// <summary>The length of the mark that ends reasoning.</summary>
    public int EndBytes { get; }

    /// <summary>The place before any text.</summary>
    public ReasoningPlace First { get; }

    /// <summary>The place after one more byte.</summary>
    public ReasoningPlace Advance(ReasoningPlace place, byte value) => place.Phase switch
    {
        ReasoningPhase.Start => _start.Advance(place, value),
        ReasoningPhase.Reasoning => AdvanceReasoning(place.Node, value),
        ReasoningPhase.Gap => _gap.Advance(place, value),
        _ => place,
    };

    /// <summary>Bytes at the end of a text in the phase of reasoning that may be the beginning of the mark that ends it.</summary>
    public int PendingBytes(ReasoningPlace place) => _end.PendingBytes(place.Node);

    /// <summary>White space that may stand beside marks.</summary>
    public static bool IsSpace(byte value) => value is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t';

    private ReasoningPlace AdvanceReasoning(int node, byte value)
    {
        int next = _end.Advance(node, value);
        return _end.IsMatch(next, out _) ? new ReasoningPlace(ReasoningPhase.Gap, StopSequences.Start) : new ReasoningPlace(ReasoningPhase.Reasoning, next);
    }

    /// <summary>The marks one of which may come first. Those that open reasoning precede those that open the answer.</summary>
    private sealed class Opening(string[] begins, string[] answers)
    {
        private readonly StopSequences _marks = new([.. begins, .. answers]);

        public ReasoningPlace Advance(ReasoningPlace place, byte value)
        {
            if (place.Node == StopSequences.Start && IsSpace(value))
            {
                return place;
            }

            int next = _marks.Advance(place.Node, value);
            if (_marks.PendingBytes(next) != _marks.PendingBytes(place.Node) + 1)
            {
                return new ReasoningPlace(ReasoningPhase.Answer, 0);
            }

            return !_marks.IsMatch(next, out int mark) ? place with { Node = next }
                : mark < begins.Length ? new ReasoningPlace(ReasoningPhase.Reasoning, StopSequences.Start)
                : new ReasoningPlace(ReasoningPhase.Answer, 1);
        }
    }
}
