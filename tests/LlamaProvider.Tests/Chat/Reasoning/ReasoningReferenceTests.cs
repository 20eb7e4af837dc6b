using LlamaProvider.Chat.Reasoning;
using LlamaProvider.TestSupport;
using LlamaProvider.Tests.Templates;

namespace LlamaProvider.Tests.Chat.Reasoning;

/// <summary>What is learned of the templates of published models.</summary>
[Trait("Category", "Reference")]
public sealed class ReasoningReferenceTests
{
    /// <summary>Template; where its prompt leaves off, then the marks before and after reasoning, before the answer, and before one without reasoning; key of history; switch on; switch off.</summary>
    public static TheoryData<string, string[], string?, string?, string?> Reasoning { get; } = new()
    {
        { "Apriel-1.6-15b-Thinker-fixed", ["Open", "", "[BEGIN FINAL RESPONSE]", "", ""], "reasoning_content", null, null },
        { "Bielik-11B-v3.0-Instruct", ["Optional", "<think>", "</think>", "", ""], "reasoning_content", "enable_thinking=true", null },
        { "ByteDance-Seed-OSS", ["Optional", "<seed:think>", "</seed:think>", "", ""], "reasoning_content", null, "thinking_budget=0" },
        { "Cohere2MoE", ["Open", "<|START_THINKING|>", "<|END_THINKING|>", "<|START_TEXT|>", "<|START_TEXT|>"], "reasoning_content", null, "reasoning=false" },
        { "CohereForAI-c4ai-command-r7b-12-2024-tool_use", ["Closed", "<|START_THINKING|>", "<|END_THINKING|>", "<|START_RESPONSE|>", "<|START_RESPONSE|>"], "reasoning_content", "enable_thinking=true", "enable_thinking=false" },
        { "deepseek-ai-DeepSeek-R1-Distill-Llama-8B", ["Open", "<think>", "</think>", "", ""], null, null, null },
        { "deepseek-ai-DeepSeek-R1-Distill-Qwen-32B", ["Closed", "<think>", "</think>", "", ""], null, "enable_thinking=true", "enable_thinking=false" },
        { "deepseek-ai-DeepSeek-V3.1", ["Closed", "<think>", "</think>", "", ""], null, "enable_thinking=true", "enable_thinking=false" },
        { "deepseek-ai-DeepSeek-V3.2", ["Closed", "<think>", "</think>", "", ""], "reasoning_content", "enable_thinking=true", "enable_thinking=false" },
        { "deepseek-ai-DeepSeek-V4-Flash-0731", ["Closed", "<think>", "</think>", "", ""], "reasoning_content", "enable_thinking=true", "enable_thinking=false" },
        { "deepseek-ai-DeepSeek-V4", ["Closed", "<think>", "</think>", "", ""], "reasoning_content", "enable_thinking=true", "enable_thinking=false" },
        { "GLM-4.6", ["Optional", "<think>", "</think>", "", ""], "reasoning_content", null, "enable_thinking=false" },
        { "GLM-4.7-Flash", ["Open", "<think>", "</think>", "", ""], "reasoning_content", null, "enable_thinking=false" },
        { "google-gemma-4-31B-it-interleaved", ["Closed", "<|channel>thought", "<channel|>", "", ""], "reasoning_content", "enable_thinking=true", "enable_thinking=false" },
        { "google-gemma-4-31B-it", ["Closed", "<|channel>thought", "<channel|>", "", ""], "reasoning_content", "enable_thinking=true", "enable_thinking=false" },
        { "HuggingFaceTB-SmolLM3-3B", ["Optional", "<think>", "</think>", "", ""], null, null, "enable_thinking=false" },
        { "inclusionai-ling-3.0-flash", ["Open", "<think>", "</think>", "", ""], "reasoning_content", null, "enable_thinking=false" },
        { "Kimi-K2-Thinking", ["Optional", "<think>", "</think>", "", ""], null, null, null },
        { "Kimi-K3", ["Open", "<|open|>think<|sep|>", "<|close|>think", "<|sep|><|open|>response<|sep|>", ""], "reasoning_content", null, "thinking=false" },
        { "LFM2.5-8B-A1B", ["Optional", "<think>", "</think>", "", ""], "thinking", null, null },
        { "llama-cpp-deepseek-r1", ["Open", "<think>", "</think>", "", ""], null, null, null },
        { "llama-cpp-rwkv-world", ["Optional", "<think>", "</think>", "", ""], null, "enable_thinking=true", "enable_thinking=false" },
        { "MiniMax-M2", ["Open", "<think>", "</think>", "", ""], "reasoning_content", null, null },
        { "MiniMax-M3", ["Optional", "<mm:think>", "</mm:think>", "", ""], "reasoning_content", "thinking_mode=enabled", "thinking_mode=disabled" },
        { "mistralai-Ministral-3-14B-Reasoning-2512", ["Optional", "[THINK]", "[/THINK]", "", ""], null, null, null },
        { "muse-glimmer", ["Optional", "to=self<|message|>", "<|eom|>", "<|start|>assistant to=user<|message|>", "to=user<|message|>"], "reasoning_content", null, null },
        { "NVIDIA-Nemotron-3-Nano-30B-A3B-BF16", ["Open", "<think>", "</think>", "", ""], "reasoning_content", null, "enable_thinking=false" },
        { "NVIDIA-Nemotron-Nano-v2", ["Open", "<think>", "</think>", "", ""], null, null, null },
        { "openai-gpt-oss-120b", ["Optional", "<|channel|>analysis<|message|>", "<|end|>", "<|start|>assistant<|channel|>final<|message|>", "<|channel|>final<|message|>"], "thinking", null, null },
        { "openbmb-MiniCPM5-1B", ["Optional", "<think>", "</think>", "", ""], "reasoning_content", "enable_thinking=true", "enable_thinking=false" },
        { "poolside-Laguna-S-2.1", ["Open", "<think>", "</think>", "", ""], "reasoning_content", null, "enable_thinking=false" },
        { "poolside-Laguna-XS-2.1", ["Closed", "<think>", "</think>", "", ""], "reasoning_content", "enable_thinking=true", "enable_thinking=false" },
        { "poolside-Laguna-XS.2", ["Closed", "<think>", "</think>", "", ""], "reasoning_content", "enable_thinking=true", "enable_thinking=false" },
        { "Qwen-Qwen3-0.6B", ["Optional", "<think>", "</think>", "", ""], "reasoning_content", null, "enable_thinking=false" },
        { "Qwen-QwQ-32B", ["Closed", "<think>", "</think>", "", ""], null, "enable_thinking=true", "enable_thinking=false" },
        { "Qwen3.5-4B", ["Open", "<think>", "</think>", "", ""], "reasoning_content", null, "enable_thinking=false" },
        { "Reka-Edge", ["Optional", "<think>", "</think>", "", ""], "reasoning_content", "enable_thinking=true", null },
        { "Spark2.5", ["Open", "<think>", "</think>", "", ""], "reasoning_content", null, "enable_thinking=false" },
        { "StepFun3.5-Flash", ["Open", "<think>", "</think>", "", ""], "reasoning_content", null, null },
        { "tencent-Hy3", ["Closed", "<think:opensource>", "</think:opensource>", "", ""], "reasoning_content", "reasoning_effort=high", "reasoning_effort=no_think" },
        { "upstage-Solar-Open-100B", ["Optional", "<|think|>", "<|end|>", "<|begin|>assistant<|content|>", "<|content|>"], "reasoning", null, "reasoning_effort=minimal" },
    };

    [Theory]
    [MemberData(nameof(Reasoning))]
    public void Learn_TemplateOfAModelThatReasons_GivesItsMarksAndSwitches(string template, string[] marks, string? key, string? on, string? off)
    {
        ReasoningProtocol protocol = Learn(template);
        AnswerLayout layout = protocol.Layout;

        Assert.Equal(marks, (string[])[protocol.StartOf(ReasoningProtocolTests.None).ToString(), layout.Begin, layout.End, layout.AnswerBegin, layout.PlainBegin]);
        Assert.Equal((key, on, off), (layout.HistoryKey, Describe(protocol.On), Describe(protocol.Off)));
        Assert.NotEqual(ReasoningStart.Closed, protocol.StartOf(protocol.On ?? (marks[0] == "Closed" ? protocol.Off! : ReasoningProtocolTests.None)));
        Assert.Contains(layout.End, layout.Closing, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Apertus-8B-Instruct")]
    [InlineData("CohereForAI-c4ai-command-r-plus-tool_use")]
    [InlineData("fireworks-ai-llama-3-firefunction-v2")]
    [InlineData("GigaChat3-10B-A1.8B")]
    [InlineData("GigaChat3.1-10B-A1.8B")]
    [InlineData("google-gemma-2-2b-it")]
    [InlineData("ibm-granite-granite-3.3-2B-Instruct")]
    [InlineData("ibm-granite-granite-4.0")]
    [InlineData("ibm-granite-granite-4.1")]
    [InlineData("Kimi-K2-Instruct")]
    [InlineData("LFM2-8B-A1B")]
    [InlineData("LFM2.5-Instruct")]
    [InlineData("meetkai-functionary-medium-v3.1")]
    [InlineData("meetkai-functionary-medium-v3.2")]
    [InlineData("meta-llama-Llama-3.1-8B-Instruct")]
    [InlineData("meta-llama-Llama-3.2-3B-Instruct")]
    [InlineData("meta-llama-Llama-3.3-70B-Instruct")]
    [InlineData("microsoft-Phi-3.5-mini-instruct")]
    [InlineData("MiMo-VL")]
    [InlineData("MiniMax-M1")]
    [InlineData("Mistral-Small-3.2-24B-Instruct-2506")]
    [InlineData("mistralai-Mistral-Nemo-Instruct-2407")]
    [InlineData("moonshotai-Kimi-K2")]
    [InlineData("NousResearch-Hermes-2-Pro-Llama-3-8B-tool_use")]
    [InlineData("NousResearch-Hermes-3-Llama-3.1-8B-tool_use")]
    [InlineData("Qwen-Qwen2.5-7B-Instruct")]
    [InlineData("Qwen3-Coder")]
    [InlineData("unsloth-Apriel-1.5")]
    [InlineData("unsloth-mistral-Devstral-Small-2507")]
    public void Learn_TemplateThatShowsNoReasoning_HasNone(string template) => Assert.False(Learn(template).Layout.HasReasoning);

    private static ReasoningProtocol Learn(string template)
    {
        TestFiles.RequireReference("chat-templates.jsonl");
        return ReasoningProtocolTests.Learn(ReferenceData.Template($"{template}.jinja"));
    }

    private static string? Describe(IReadOnlyDictionary<string, System.Text.Json.JsonElement>? variables) =>
        variables is null ? null : string.Join(',', variables.Select(variable => $"{variable.Key}={variable.Value.ToString().ToLowerInvariant()}"));
}
