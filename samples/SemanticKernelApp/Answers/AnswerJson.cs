using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace SemanticKernelApp.Answers;

/// <summary>An answer as the model writes it: what it relies on first, since what it writes next then rests on that.</summary>
/// <param name="Quote">A sentence of the documents.</param>
/// <param name="Answer">The words of it that answer the question.</param>
internal sealed record AnswerJson(string Quote, string Answer)
{
    /// <summary>
    /// The schema of answers from some sentences: a quote is one of them, and the answer is words of it that follow each other. So nothing can be made up, however small the model is: it chooses, and cannot write
    /// anything else. For answers in the model's own words, let <c>answer</c> be any string.
    /// </summary>
    public static JsonElement Schema(IEnumerable<string> sentences) => JsonSerializer.SerializeToElement(
        new JsonObject { ["anyOf"] = new JsonArray([.. sentences.Distinct().Select(static sentence => (JsonNode)AnswersFrom(sentence))]) }, AnswerJsonContext.Default.JsonObject);

    public static AnswerJson Parse(string json) => JsonSerializer.Deserialize(json, AnswerJsonContext.Default.AnswerJson)!;

    private static JsonObject AnswersFrom(string sentence) => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["quote"] = new JsonObject { ["const"] = sentence },
            ["answer"] = new JsonObject { ["enum"] = new JsonArray([.. Spans.Of(sentence).Select(static span => (JsonNode)JsonValue.Create(span))]) },
        },
        ["required"] = new JsonArray("quote", "answer"),
        ["additionalProperties"] = false,
    };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AnswerJson))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class AnswerJsonContext : JsonSerializerContext;
