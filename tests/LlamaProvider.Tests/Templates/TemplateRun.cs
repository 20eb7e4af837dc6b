using System.Text.Json;
using CsCheck;
using LlamaProvider.Templates;
using Xunit;

namespace LlamaProvider.Tests.Templates;

/// <summary>Renders a template over the members of one JSON object, at a fixed time.</summary>
internal static class TemplateRun
{
    public static readonly DateTimeOffset Now = new(2025, 1, 2, 15, 4, 5, TimeSpan.Zero);

    public static RenderedPrompt Prompt(string template, string variables = "{}", ChatTemplateOptions? options = null)
    {
        var json = JsonDocument.Parse(variables).RootElement;
        var input = new ChatTemplateInput
        {
            Messages = json.TryGetProperty("messages", out var messages) ? [.. messages.EnumerateArray().Select(ChatTemplateMessage.FromJson)] : [],
            BosToken = "<s>",
            EosToken = "</s>",
            Now = Now,
            Variables = json.EnumerateObject().ToDictionary(member => member.Name, member => member.Value),
        };
        return ChatTemplate.Compile(template, options).Render(input);
    }

    public static string Text(string template, string variables = "{}") => Prompt(template, variables).Text;

    public static ChatTemplateException Failure(string template, string variables = "{}", ChatTemplateOptions? options = null) =>
        Assert.Throws<ChatTemplateException>(() => Prompt(template, variables, options));

    public static Gen<string> OneOf(string[] choices) => Gen.Int[0, choices.Length - 1].Select(index => choices[index]);

    /// <summary>The prompt with its content in guillemets.</summary>
    public static string Marked(string template, string variables = "{}")
    {
        var prompt = Prompt(template, variables);
        var text = prompt.Text;
        foreach (var range in prompt.ContentRanges.Reverse())
        {
            text = text[..range.Start] + "«" + text[range.Start..range.End] + "»" + text[range.End..];
        }

        return text;
    }
}
