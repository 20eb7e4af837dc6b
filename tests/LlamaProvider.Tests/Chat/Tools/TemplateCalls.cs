using System.Text.Json;
using LlamaProvider.Chat.Reasoning;
using LlamaProvider.Chat.Tools;
using LlamaProvider.Chat.Tools.Recognition;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Templates;
using LlamaProvider.Tests.Chat.Reasoning;
using LlamaProvider.Tests.Templates;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Tests.Chat.Tools;

/// <summary>What chat templates write for calls.</summary>
internal sealed class TemplateCalls(string source)
{
    private readonly ChatTemplate _template = ChatTemplate.Compile(source);

    public static Vocabulary Vocabulary { get; } = ScriptedVocabulary.Bytes();

    public ToolProtocol Protocol => field ??= ToolProtocol.Recognize(Render, Vocabulary);

    /// <summary>Whether the format is the one that the template shows, not a known or the generic one.</summary>
    public bool IsShown => Protocol.Format != KnownToolFormats.All[KnownToolFormats.Generic] || Write(("get_clock", """{"a": 1}"""))!.Contains("<tool_call>", StringComparison.Ordinal);

    /// <summary>How the model reasons.</summary>
    public ReasoningProtocol Reasoning => field ??= ReasoningProtocolTests.Learn(source);

    public static TemplateCalls Of(string file) => new(ReferenceData.Template(file));

    /// <summary>What a model writes for calls; <see langword="null"/> when the template does not write them.</summary>
    public string? Write(params (string Name, string Arguments)[] calls)
    {
        ChatTemplateToolCall[] all = [.. calls.Select((call, i) => new ChatTemplateToolCall { Id = $"id00000x{i}", Name = call.Name, Arguments = JsonElement.Parse(call.Arguments) })];
        return Write(all, asText: false) ?? Write(all, asText: true);
    }

    /// <summary>What a model writes when it reasons before a call; <see langword="null"/> when the template does not show it.</summary>
    public string? WriteReasoned(string reasoning, (string Name, string Arguments) call)
    {
        ChatTemplateMessage user = new() { Role = "user", Content = "Well?" };
        ChatTemplateMessage answer = new()
        {
            Role = "assistant",
            Additional = new Dictionary<string, JsonElement> { [Reasoning.Layout.HistoryKey ?? "reasoning_content"] = JsonElement.Parse($"\"{reasoning}\"") },
            ToolCalls = [new ChatTemplateToolCall { Id = "id00000x1", Name = call.Name, Arguments = JsonElement.Parse(call.Arguments) }],
        };
        string? written = Write(call);
        return Render([user], true, ToolCallProbe.Tools) is { } prompt && Render([user, answer], false, ToolCallProbe.Tools) is { } whole && written is not null
            && whole.StartsWith(prompt, StringComparison.Ordinal) && whole.Contains(reasoning, StringComparison.Ordinal) && whole.LastIndexOf(written, StringComparison.Ordinal) is > 0 and int start
            ? whole[prompt.Length..(start + written.Length)]
            : null;
    }

    private string? Write(ChatTemplateToolCall[] calls, bool asText) => new ToolCallProbe((messages, begins) => Render(messages, begins, ToolCallProbe.Tools), asText).Write(calls);

    public string? Render(IReadOnlyList<ChatTemplateMessage> messages, bool begins, IReadOnlyList<JsonElement>? tools)
    {
        try
        {
            return _template.Render(new ChatTemplateInput
            {
                Messages = messages, Tools = tools, AddGenerationPrompt = begins, BosToken = "<BOS>", EosToken = "<EOS>", Now = DateTimeOffset.UnixEpoch,
            }).Text;
        }
        catch (ChatTemplateException)
        {
            return null;
        }
    }
}
