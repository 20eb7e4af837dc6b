using Microsoft.Extensions.AI;

namespace LlamaProvider.Chat;

/// <summary>What the prompt says about <see cref="ChatOptions.ResponseFormat"/>. The format is enforced either way; a model that knows it writes better values into it.</summary>
internal static class ResponseFormatText
{
    /// <summary>The text; <see langword="null"/> when any text may be answered.</summary>
    public static string? Describe(ChatResponseFormat? format) => format switch
    {
        ChatResponseFormatJson { Schema: { } schema } json => $"Answer with JSON only{Name(json)}. It must meet this JSON schema:\n{schema.GetRawText()}",
        ChatResponseFormatJson => "Answer with a JSON object only.",
        _ => null,
    };

    private static string Name(ChatResponseFormatJson json) => (json.SchemaName, json.SchemaDescription) switch
    {
        (null, null) => "",
        (null, { } description) => $" ({description})",
        ({ } name, null) => $" ({name})",
        var (name, description) => $" ({name}: {description})",
    };
}
