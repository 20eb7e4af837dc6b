using System.Text;
using System.Text.Json;
using LlamaProvider.Chat;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tracing;

/// <summary>How certain the model was of each value of a JSON answer.</summary>
public static class ConfidenceResponseExtensions
{
    /// <summary>The confidence of every value, by JSON pointer, in the order in which they begin.</summary>
    /// <param name="response">The response of a <see cref="LlamaChatClient"/> to a request with a JSON schema or JSON format and a trace of <see cref="TraceLevel.Stages"/>.</param>
    /// <exception cref="TraceNotCapturedException">
    /// There is no trace, it is of a lower level or has no room for the answer, the answer was found by a search that chooses no tokens one by one, or nothing held it to a form.
    /// </exception>
    /// <exception cref="JsonException">The answer is no complete JSON value.</exception>
    public static IReadOnlyDictionary<string, ValueConfidence> GetConfidence(this ChatResponse response)
    {
        AnswerTrace trace = response.GetTrace();
        if (trace.Level < TraceLevel.Stages)
        {
            throw new TraceNotCapturedException(
                $"Confidence needs what the constraint allowed at each token, but the trace is of level {trace.Level}. Capture it with options.{nameof(TraceChatOptionsExtensions.CaptureTrace)}(TraceLevel.{nameof(TraceLevel.Stages)}).");
        }

        byte[] json = Encoding.UTF8.GetBytes(response.Text);
        var spans = TokenSpans.Of(trace, ((LlamaAnswer)response.RawRepresentation!).Vocabulary, json);
        try
        {
            return JsonConfidence.Read(json, spans);
        }
        catch (JsonException error)
        {
            throw new JsonException("The answer is no complete JSON value, so its values cannot be told apart. Ask for JSON, with enough MaxOutputTokens to complete it.", error);
        }
    }
}
