using System.Text.Json;
using LlamaProvider.Chat.Reasoning;
using LlamaProvider.Templates;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Chat.Reasoning;

public sealed class ReasoningProtocolTests
{
    private const string Turns = "{% for m in messages %}<|{{ m.role }}|>";
    private const string Prompt = "{% if add_generation_prompt %}<|assistant|>";

    [Fact]
    public void Learn_TemplateShowsReasoningBetweenTags_KnowsBothAndHowItCloses()
    {
        ReasoningProtocol protocol = Learn(Turns + "{% if m.reasoning_content %}<hm>\n{{ m.reasoning_content }}\n</hm>\n\n{% endif %}{{ m.content }}{% endfor %}" + Prompt + "{% endif %}");

        Assert.Equal(
            new AnswerLayout { Begin = "<hm>", BeginAgain = "<hm>", End = "</hm>", Closing = "\n</hm>\n\n", HistoryKey = "reasoning_content" }, protocol.Layout);
        Assert.Equal(ReasoningStart.Optional, protocol.StartOf(None));
        Assert.Null(protocol.On);
        Assert.Null(protocol.Off);
    }

    [Theory]
    [InlineData("<hm>\n", "Open")]
    [InlineData("<hm></hm>", "Closed")]
    [InlineData("", "Optional")]
    public void StartOf_WhatThePromptEndsWith_Decides(string end, string start)
    {
        ReasoningProtocol protocol = Learn(Turns + "{% if m.thinking %}<hm>{{ m.thinking }}</hm>{% endif %}{{ m.content }}{% endfor %}" + Prompt + end + "{% endif %}");

        Assert.Equal(start, protocol.StartOf(None).ToString());
        Assert.Equal(("<hm>", "</hm>", "thinking"), (protocol.Layout.Begin, protocol.Layout.End, protocol.Layout.HistoryKey));
    }

    [Fact]
    public void Learn_MessagesOfChannels_KnowsTheTurnBetweenThem()
    {
        ReasoningProtocol protocol = Learn(
            "{% for m in messages %}{% if m.thinking %}<|start|>bot<|to|>self:{{ m.thinking }}<|end|>{% endif %}<|start|>{{ 'bot<|to|>user:' if m.role == 'assistant' else 'user:' }}{{ m.content }}<|end|>{% endfor %}"
            + "{% if add_generation_prompt %}<|start|>bot{% endif %}");

        Assert.Equal(
            new AnswerLayout
            {
                Begin = "<|to|>self:",
                End = "<|end|>",
                AnswerBegin = "<|start|>bot<|to|>user:",
                PlainBegin = "<|to|>user:",
                BeginAgain = "<|start|>bot<|to|>self:",
                Closing = "<|end|><|start|>bot<|to|>user:",
                OpenPrompt = "<|end|><|start|>bot<|to|>self:",
                HistoryKey = "thinking",
            },
            protocol.Layout);
    }

    [Theory]
    [InlineData("{% if enable_thinking %}<hm>{% else %}<hm></hm>{% endif %}", "Closed", "Open")]
    [InlineData("{% if enable_thinking is not false %}<hm>{% else %}</hm>{% endif %}", "Open", "Open")]
    public void Learn_HistoryHasNoReasoning_ThePromptsShowTheTags(string end, string start, string on)
    {
        ReasoningProtocol protocol = Learn(Turns + "{{ m.content }}{% endfor %}" + Prompt + end + "{% endif %}");

        Assert.Equal(("<hm>", "</hm>", null), (protocol.Layout.Begin, protocol.Layout.End, protocol.Layout.HistoryKey));
        Assert.Equal(start, protocol.StartOf(None).ToString());
        Assert.Equal(on, protocol.StartOf(protocol.On ?? None).ToString());
        Assert.Equal(ReasoningStart.Closed, protocol.StartOf(protocol.Off!));
    }

    [Fact]
    public void Learn_OnlyAnOpenTag_ItsFormTellsTheOther() =>
        Assert.Equal("<|END_HM|>", Learn(Turns + "{{ m.content }}{% endfor %}" + Prompt + "<|START_HM|>\n{% endif %}").Layout.End);

    [Fact]
    public void Learn_SentenceWithoutATag_OpensReasoning()
    {
        ReasoningProtocol protocol = Learn(
            Turns + "{% if m.reasoning_content %}{{ m.reasoning_content }}\n[ANSWER]\n{% endif %}{{ m.content }}{% endfor %}" + Prompt + "Let me see:\n{% endif %}");

        Assert.Equal(("", "[ANSWER]", ReasoningStart.Open), (protocol.Layout.Begin, protocol.Layout.End, protocol.StartOf(None)));
    }

    [Theory]
    [InlineData("{{ m.content }}")]
    [InlineData("{{ m.content }}{{ m | tojson }}")]
    public void Learn_TemplateWithoutReasoning_HasNone(string message)
    {
        ReasoningProtocol protocol = Learn(Turns + message.Replace("{{ m | tojson }}", "{% if m.content is not string %}{{ m.content | tojson }}{% endif %}", StringComparison.Ordinal) + "{% endfor %}" + Prompt + "{% endif %}");

        Assert.False(protocol.Layout.HasReasoning);
        Assert.Null(protocol.On);
        Assert.Null(protocol.Off);
    }

    [Theory]
    [InlineData("{{ reasoning_effort }}", ReasoningEffort.Low, "low")]
    [InlineData("{{ reasoning_effort }}", ReasoningEffort.ExtraHigh, "high")]
    [InlineData("{% if reasoning_effort == 'max' %}!{% endif %}", ReasoningEffort.ExtraHigh, "max")]
    [InlineData("{% if reasoning_effort == 'max' %}!{% endif %}", ReasoningEffort.Low, null)]
    [InlineData("{% if reasoning_effort is defined and reasoning_effort not in ['low', 'high'] %}{{ raise_exception('no') }}{% endif %}", ReasoningEffort.Medium, "high")]
    [InlineData("", ReasoningEffort.High, null)]
    public void VariablesOf_Effort_IsALevelThatTheTemplateKnows(string start, ReasoningEffort effort, string? level)
    {
        IReadOnlyDictionary<string, JsonElement> variables = Learn(start + Turns + "{{ m.content }}{% endfor %}" + Prompt + "{% endif %}").VariablesOf(effort);

        Assert.Equal(level, variables.TryGetValue("reasoning_effort", out JsonElement value) ? value.GetString() : null);
    }

    internal static IReadOnlyDictionary<string, JsonElement> None { get; } = new Dictionary<string, JsonElement>();

    internal static ReasoningProtocol Learn(string source)
    {
        ChatTemplate template = ChatTemplate.Compile(source);
        return ReasoningProtocol.Learn(
            (messages, addGenerationPrompt, variables) =>
            {
                var input = new ChatTemplateInput
                {
                    Messages = messages,
                    AddGenerationPrompt = addGenerationPrompt,
                    Variables = variables,
                    BosToken = "<s>",
                    EosToken = "</s>",
                    Now = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
                };
                try
                {
                    return template.Render(input).Text;
                }
                catch (ChatTemplateException)
                {
                    return null;
                }
            },
            template.Variables);
    }
}
