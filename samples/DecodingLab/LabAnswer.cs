using LlamaProvider.Decoding.Tracing;
using Microsoft.Extensions.AI;

namespace DecodingLab;

/// <summary>An answer and how it came about.</summary>
/// <param name="Name">How it was made, in a few words.</param>
/// <param name="Prompt">What was asked.</param>
/// <param name="Response">The answer.</param>
/// <param name="Trace">Its trace.</param>
internal sealed record LabAnswer(string Name, string Prompt, ChatResponse Response, AnswerTrace Trace)
{
    public string Text => Response.Text;

    /// <summary>The choices of the answer's tokens, in order; the one that ended it is left out.</summary>
    public IEnumerable<TokenStep> Choices => Trace.Steps.OfType<TokenStep>().Where(step => !step.IsEnd && step.Draw == Trace.Draw);
}
