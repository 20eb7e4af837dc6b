using System.Text.Json;
using LlamaProvider.Chat;
using LlamaProvider.Templates;
using LlamaProvider.Tests.Templates;
using LlamaProvider.TestSupport.Scripted;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Chat;

/// <summary>A response format is described in the prompt, wherever the template lets it stand.</summary>
public sealed class ResponseFormatTextTests
{
    private const string RefusesSystem =
        "{% if messages[0].role == 'system' %}{{ raise_exception('No system message.') }}{% endif %}{% for m in messages %}[{{ m.role }}:{{ m.content }}]{% endfor %}";

    private const string DropsSystem = "{% for m in messages if m.role != 'system' %}[{{ m.role }}:{{ m.content }}]{% endfor %}";

    private const string TakesSystem = "{% for m in messages %}[{{ m.role }}:{{ m.content }}]{% endfor %}";

    [Theory]
    [InlineData(null, null, "Answer with JSON only. It must meet this JSON schema:\n{\"type\":\"integer\"}")]
    [InlineData("age", null, "Answer with JSON only (age). It must meet this JSON schema:\n{\"type\":\"integer\"}")]
    [InlineData(null, "years lived", "Answer with JSON only (years lived). It must meet this JSON schema:\n{\"type\":\"integer\"}")]
    [InlineData("age", "years lived", "Answer with JSON only (age: years lived). It must meet this JSON schema:\n{\"type\":\"integer\"}")]
    public void Describe_Schema_SaysItWithItsName(string? name, string? description, string expected) =>
        Assert.Equal(expected, ResponseFormatText.Describe(ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{"type":"integer"}"""), name, description)));

    [Fact]
    public void Describe_OtherFormats_SaysJsonOrNothing()
    {
        Assert.Equal("Answer with a JSON object only.", ResponseFormatText.Describe(ChatResponseFormat.Json));
        Assert.Null(ResponseFormatText.Describe(ChatResponseFormat.Text));
        Assert.Null(ResponseFormatText.Describe(null));
    }

    [Theory]
    [InlineData(TakesSystem, false, "[system:Answer with a JSON object only.][user:a]")]
    [InlineData(TakesSystem, true, "[system:Be brief.\n\nAnswer with a JSON object only.][user:a]")]
    [InlineData(RefusesSystem, false, "[user:Answer with a JSON object only.\n\na]")]
    [InlineData(DropsSystem, false, "[user:Answer with a JSON object only.\n\na]")]
    public void Render_Template_TakesTheFormatWhereItCan(string template, bool hasSystem, string expected)
    {
        var builder = new ChatPromptBuilder(ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes()), template, TimeProvider.System);
        List<ChatMessage> messages = [.. hasSystem ? [new ChatMessage(ChatRole.System, "Be brief.")] : Array.Empty<ChatMessage>(), new(ChatRole.User, "a")];

        Assert.Equal(expected, builder.Render(messages, new ChatOptions { ResponseFormat = ChatResponseFormat.Json }).Text);
        Assert.Equal("[user:a]", builder.Render([new(ChatRole.User, "a")], new ChatOptions()).Text);
    }

    [Fact]
    public void Render_Instructions_StandBeforeTheFormat()
    {
        var builder = new ChatPromptBuilder(ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes()), TakesSystem, TimeProvider.System);
        var options = new ChatOptions { Instructions = "Be kind.", ResponseFormat = ChatResponseFormat.Json };

        Assert.Equal(
            "[system:Be kind.\n\nBe brief.\n\nAnswer with a JSON object only.][user:a]",
            builder.Render([new(ChatRole.System, "Be brief."), new(ChatRole.User, "a")], options).Text);
    }

    [Fact]
    [Trait("Category", "Reference")]
    public void Render_EveryReferenceTemplate_SaysTheFormatOnce()
    {
        var failures = new List<string>();
        int rendered = 0;
        foreach (string name in ReferenceData.Rows().Select(row => row.Template).Distinct())
        {
            var builder = new ChatPromptBuilder(ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes()), ReferenceData.Template(name), TimeProvider.System);
            if (!CanRender(builder, null))
            {
                // It wants tools, which are no part of this question.
                continue;
            }

            rendered++;
            string prompt = CanRender(builder, ChatResponseFormat.Json) ? builder.Render([new(ChatRole.User, "Hello")], new ChatOptions { ResponseFormat = ChatResponseFormat.Json }).Text : "";
            if (prompt.Split("Answer with a JSON object only.").Length != 2 || !prompt.Contains("Hello", StringComparison.Ordinal))
            {
                failures.Add($"{name}: {prompt}");
            }
        }

        Assert.True(failures.Count == 0, $"{failures.Count} of {rendered}:\n{string.Join('\n', failures)}");
        Assert.True(rendered > 20, $"Only {rendered} templates were rendered.");
    }

    private static bool CanRender(ChatPromptBuilder builder, ChatResponseFormat? format)
    {
        try
        {
            builder.Render([new(ChatRole.User, "Hello")], new ChatOptions { ResponseFormat = format });
            return true;
        }
        catch (ChatTemplateException)
        {
            return false;
        }
    }
}
