using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Options;

namespace LlamaProvider.Tracing;

/// <summary>Which bytes of a text each token stands for, and how it was chosen.</summary>
internal sealed class TokenSpans
{
    private readonly List<(int Start, int End, TokenStep? Choice)> _tokens = [];

    /// <summary>The tokens of a part of an answer.</summary>
    /// <param name="trace">The answer's trace.</param>
    /// <param name="vocabulary">The model's tokens.</param>
    /// <param name="part">The part: what follows reasoning.</param>
    /// <exception cref="TraceNotCapturedException">The trace does not hold how each token was chosen.</exception>
    public static TokenSpans Of(AnswerTrace trace, Vocabulary vocabulary, ReadOnlySpan<byte> part)
    {
        var steps = new Dictionary<int, TraceStep>();
        foreach (TraceStep step in trace.Steps.Where(step => step is ForcedStep || (step is TokenStep { IsEnd: false } token && token.Draw == trace.Draw)))
        {
            steps[step.Position] = step;
        }

        var text = new List<byte>();
        var spans = new TokenSpans();
        for (int position = 0; position < trace.Tokens.Count; position++)
        {
            int start = text.Count;
            text.AddRange(vocabulary.IsText(trace.Tokens[position]) ? vocabulary.GetBytes(trace.Tokens[position]) : []);
            spans._tokens.Add((start, text.Count, ChoiceOf(steps, position)));
        }

        int offset = text.ToArray().AsSpan().LastIndexOf(part);
        if (offset < 0)
        {
            throw new TraceNotCapturedException("The response's text is not in the tokens of its trace, so no value can be found there. Read the confidence of a response as the client returned it.");
        }

        spans.Move(offset);
        return spans;
    }

    /// <summary>The choices of the tokens that hold a part of some bytes, with where each begins; forced ones are none.</summary>
    public IEnumerable<(int Start, TokenStep Choice)> Within(int start, int end)
    {
        foreach ((int from, int to, TokenStep? choice) in _tokens)
        {
            if (choice is not null && from < end && to > start)
            {
                yield return (from, choice);
            }
        }
    }

    private static TokenStep? ChoiceOf(Dictionary<int, TraceStep> steps, int position) => steps.GetValueOrDefault(position) switch
    {
        ForcedStep => null,
        TokenStep { Mask: not null } choice => choice,
        TokenStep => throw new TraceNotCapturedException(
            "Confidence compares a value with others that its form allows, but nothing held the answer to a form. Ask for one with ResponseFormat or UseJsonSchema."),
        _ => throw new TraceNotCapturedException(
            $"The trace does not hold how token {position + 1} was chosen: a search found it, or there was no room. Ask without a search, or raise max_steps of {nameof(TraceChatOptionsExtensions.CaptureTrace)}."),
    };

    private void Move(int offset)
    {
        for (int index = 0; index < _tokens.Count; index++)
        {
            (int start, int end, TokenStep? choice) = _tokens[index];
            _tokens[index] = (start - offset, end - offset, choice);
        }
    }
}
