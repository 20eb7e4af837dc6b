using System.Text.Json;

namespace LlamaProvider.Chat.Messages;

/// <summary>How a conversation's calls and results are written as text, for templates that have no place for them. Pure and safe for concurrent use.</summary>
internal interface IToolNotation
{
    /// <summary>A call, as a part of an assistant's text.</summary>
    string WriteCall(string name, JsonElement arguments);

    /// <summary>A result, as a part of a user's text.</summary>
    /// <param name="name">The tool.</param>
    /// <param name="result">What it returned.</param>
    string WriteResult(string name, string result);
}

/// <summary>The notation that most models with tools have seen: JSON between <c>&lt;tool_call&gt;</c> tags, and results between <c>&lt;tool_response&gt;</c> tags.</summary>
internal sealed class JsonToolNotation : IToolNotation
{
    public static JsonToolNotation Instance { get; } = new();

    private JsonToolNotation()
    {
    }

    public string WriteCall(string name, JsonElement arguments) =>
        $$"""
        <tool_call>
        {"name": {{ContentJson.Write(name)}}, "arguments": {{arguments.GetRawText()}}}
        </tool_call>
        """;

    public string WriteResult(string name, string result) => $"<tool_response>\n{result}\n</tool_response>";
}
