using System.Text.Json;
using LlamaProvider.Templates;
using Xunit;

namespace LlamaProvider.Tests.Templates.Evaluation;

/// <summary>What a template sees of an input.</summary>
public sealed class ChatTemplateInputTests
{
    [Fact]
    public void Render_TypedMessages_HaveTheKeysThatAreSet()
    {
        var input = new ChatTemplateInput
        {
            Messages =
            [
                new ChatTemplateMessage { Role = "user", Parts = [new ChatTemplatePart { Type = "text", Text = "hi" }, new ChatTemplatePart { Type = "image" }] },
                new ChatTemplateMessage
                {
                    Role = "assistant",
                    Content = null,
                    ReasoningContent = "hm",
                    ToolCalls = [new ChatTemplateToolCall { Id = "1", Name = "f", Arguments = Json("""{"a": 1.0}""") }],
                },
                new ChatTemplateMessage
                {
                    Role = "tool", Content = "20", Name = "f", ToolCallId = "1", Additional = new Dictionary<string, JsonElement> { ["x"] = Json("true") },
                },
            ],
            Now = TemplateRun.Now,
        };

        Assert.Equal(
            """
            [{"role": "user", "content": [{"type": "text", "text": "hi"}, {"type": "image"}]}, {"role": "assistant", "content": null, "reasoning_content": "hm", "tool_calls": [{"id": "1", "type": "function", "function": {"name": "f", "arguments": {"a": 1.0}}}]}, {"role": "tool", "content": "20", "name": "f", "tool_call_id": "1", "x": true}]
            """,
            ChatTemplate.Compile("{{ messages | tojson }}").Render(input).Text);
    }

    [Fact]
    public void Render_EmptyInput_HasTheDefaultsOfTransformers()
    {
        var input = new ChatTemplateInput { Messages = [], Now = TemplateRun.Now };
        Assert.Equal(
            "[] None None True False ''",
            ChatTemplate.Compile("{{ messages }} {{ tools }} {{ documents }} {{ add_generation_prompt }} {{ bos_token is defined }} '{{ eos_token }}'").Render(input).Text);
    }

    [Fact]
    public void Render_Variables_DoNotReplaceProperties()
    {
        var input = new ChatTemplateInput
        {
            Messages = [],
            Tools = [Json("""{"type": "function"}""")],
            Now = TemplateRun.Now,
            Variables = new Dictionary<string, JsonElement> { ["tools"] = Json("1"), ["range"] = Json("2"), ["big"] = Json("18446744073709551616") },
        };
        Assert.Equal("[{'type': 'function'}] 2 18446744073709551616", ChatTemplate.Compile("{{ tools }} {{ range }} {{ big }}").Render(input).Text);
    }

    [Fact]
    public void FromJson_ApplyChatTemplateArguments_AreRead()
    {
        var input = ChatTemplateInput.FromJson(
            Json("""{"messages": [{"role": "user", "z": 1, "content": "hi"}], "tools": [{"a": 1}], "enable_thinking": false}"""), "<s>", null, TemplateRun.Now);
        Assert.Equal(
            """[{"role": "user", "z": 1, "content": "hi"}] [{"a": 1}] False False <s>""",
            ChatTemplate.Compile("{{ messages | tojson }} {{ tools | tojson }} {{ enable_thinking }} {{ add_generation_prompt }} {{ bos_token }}").Render(input).Text);
        Assert.Equal("user", input.Messages[0].Role);
    }

    [Theory]
    [InlineData("[]", "The input is no object with an array 'messages'. Give the arguments of apply_chat_template as one object. (Parameter 'variables')")]
    [InlineData("""{"messages": 1}""", "The input is no object with an array 'messages'. Give the arguments of apply_chat_template as one object. (Parameter 'variables')")]
    [InlineData("""{"messages": [1]}""", "A message is a JSON Number. Give an object with 'role' and 'content'. (Parameter 'message')")]
    public void FromJson_WrongShape_IsRefused(string json, string message) => Assert.Equal(
        message, Assert.Throws<ArgumentException>(() => ChatTemplateInput.FromJson(Json(json), null, null, TemplateRun.Now)).Message);

    [Fact]
    public void Render_HalfASurrogatePair_IsRefused() => Assert.Equal(
        "Chat template, line 1, column 1: A JSON string of the input holds half of a surrogate pair. Give strings of whole characters.",
        TemplateRun.Failure("{{ x }}", """{"x": "\ud83d"}""").Message);

    [Fact]
    public void Variables_OfATemplate_AreTheNamesItReads() => Assert.Equal(
        ["messages", "range", "tools", "x"],
        ChatTemplate.Compile("{% set a = range(3) %}{% if tools %}{% endif %}{% for m in messages if x %}{% endfor %}").Variables.Order());

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
