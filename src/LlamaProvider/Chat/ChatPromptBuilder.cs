using System.Runtime.InteropServices;
using System.Text.Json;
using LlamaProvider.Chat.Messages;
using LlamaProvider.Chat.Messages.Repair;
using LlamaProvider.Chat.Reasoning;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Options;
using LlamaProvider.Templates;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Chat;

/// <summary>Turns a conversation into the prompt's tokens: messages → template → text → tokens. Safe for concurrent use.</summary>
internal sealed class ChatPromptBuilder
{
    private readonly ILanguageModel _model;
    private readonly TimeProvider _time;
    private readonly ChatTemplate _template;
    private readonly PromptTokenizer _tokenizer;
    private readonly string? _beginningOfText;
    private readonly string? _endOfText;
    private readonly TemplateTraits _traits;
    private readonly Lazy<ReasoningModel> _reasoning;

    public ChatPromptBuilder(ILanguageModel model, string? template, TimeProvider time)
    {
        _model = model;
        _time = time;
        template ??= model.ChatTemplate ?? throw NoTemplate(model);
        _template = ChatTemplate.Compile(template);
        _tokenizer = new PromptTokenizer(model, template);
        _beginningOfText = TextOf(model.Vocabulary.Special.BeginningOfText);
        _endOfText = TextOf(model.Vocabulary.Special.EndOfText);
        _traits = new TemplateTraits((messages, tools) => TryRender(messages, addGenerationPrompt: true, tools));
        _reasoning = new Lazy<ReasoningModel>(() => new ReasoningModel(
            model, ReasoningProtocol.Learn((messages, prompt, variables) => TryRender(messages, prompt, tools: null, variables), _template.Variables)));
    }

    /// <summary>How the model reasons, as its template shows.</summary>
    public ReasoningModel Reasoning => _reasoning.Value;

    /// <summary>The text of the prompt and which parts of it are content.</summary>
    public RenderedPrompt Render(PromptRequest request)
    {
        if (request.Messages.Count == 0 && string.IsNullOrEmpty(request.Instructions))
        {
            throw new OptionNotSupportedException("messages", "The conversation has no message, so there is nothing to answer. Add at least one.");
        }

        List<PromptMessage> messages = ConversationShaper.Shape(MessageReader.Read(request.Messages), request, _traits, new RepairGate(request.Repair));
        bool argumentsAsText = messages.Exists(message => message.Calls.Length > 0) && _traits.Calls == CallForm.Text;
        return Render(
            [.. messages.Select(message => message.ToTemplate(argumentsAsText, Reasoning.Layout.HistoryKey))], ToolDeclarations.ToTemplate(request.Tools) ?? _traits.NoTools, request.Variables);
    }

    public RenderedPrompt Render(IEnumerable<ChatMessage> messages, ChatOptions? options) => Render(PromptRequest.Create(messages, options));

    public List<int> Build(PromptRequest request)
    {
        List<int> tokens = _tokenizer.Encode(Render(request));
        return tokens.Count > 0
            ? tokens
            : throw new OptionNotSupportedException(
                "messages", "The chat template rendered this conversation to an empty prompt, but a model needs at least one token. Add a message with text.");
    }

    public List<int> Build(IEnumerable<ChatMessage> messages, ChatOptions? options) => Build(PromptRequest.Create(messages, options));

    /// <summary>The tokens with which every continuation of a conversation by a user message begins: what two of them have in common.</summary>
    public List<int> BuildPrefix(PromptRequest request)
    {
        List<int> first = Build(request with { Messages = [.. request.Messages, new ChatMessage(ChatRole.User, "A")] });
        List<int> second = Build(request with { Messages = [.. request.Messages, new ChatMessage(ChatRole.User, "1")] });
        int common = CollectionsMarshal.AsSpan(first).CommonPrefixLength(CollectionsMarshal.AsSpan(second));
        return first[..common];
    }

    /// <summary>
    /// How many tokens of a prompt stay when an answer outgrows the context: those with which every conversation with its system messages begins, at least the first.
    /// </summary>
    public int CountKept(PromptRequest request, List<int> prompt)
    {
        List<int> head = BuildPrefix(request with { Messages = [.. request.Messages.Where(MessageReader.IsSystem)] });
        return Math.Max(1, CollectionsMarshal.AsSpan(head).CommonPrefixLength(CollectionsMarshal.AsSpan(prompt)));
    }

    /// <summary>What the template makes of messages, for probes; <see langword="null"/> when it refuses them.</summary>
    public string? TryRender(IReadOnlyList<ChatTemplateMessage> messages, bool addGenerationPrompt, IReadOnlyList<JsonElement>? tools) =>
        TryRender(messages, addGenerationPrompt, tools, variables: null);

    private string? TryRender(
        IReadOnlyList<ChatTemplateMessage> messages, bool addGenerationPrompt, IReadOnlyList<JsonElement>? tools, IReadOnlyDictionary<string, JsonElement>? variables)
    {
        try
        {
            return Render(messages, tools, variables, addGenerationPrompt).Text;
        }
        catch (ChatTemplateException)
        {
            return null;
        }
    }

    private RenderedPrompt Render(
        IReadOnlyList<ChatTemplateMessage> messages,
        IReadOnlyList<JsonElement>? tools,
        IReadOnlyDictionary<string, JsonElement>? variables,
        bool addGenerationPrompt = true) => _template.Render(new ChatTemplateInput
        {
            Messages = messages,
            Tools = tools,
            Variables = variables,
            AddGenerationPrompt = addGenerationPrompt,
            BosToken = _beginningOfText,
            EosToken = _endOfText,
            Now = _time.GetLocalNow(),
        });

    private string? TextOf(int? token) => token is int id ? _model.Vocabulary.GetText(id) : null;

    private static ChatTemplateException NoTemplate(ILanguageModel model) => new(
        $"The model '{model.Description.Name}' has no chat template, so messages cannot be turned into a prompt. Set {nameof(LlamaChatClientOptions)}.{nameof(LlamaChatClientOptions.ChatTemplate)}.",
        1,
        1);
}
