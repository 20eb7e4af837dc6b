using System.Runtime.InteropServices;
using System.Text;
using LlamaProvider.Chat.Messages;
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
    private readonly Lazy<bool> _takesSystemMessage;

    public ChatPromptBuilder(ILanguageModel model, string? template, TimeProvider time)
    {
        _model = model;
        _time = time;
        _template = ChatTemplate.Compile(template ?? model.ChatTemplate ?? throw NoTemplate(model));
        _tokenizer = new PromptTokenizer(model);
        _beginningOfText = TextOf(model.Vocabulary.Special.BeginningOfText);
        _endOfText = TextOf(model.Vocabulary.Special.EndOfText);
        _takesSystemMessage = new Lazy<bool>(TakesSystemMessage);
    }

    /// <summary>The text of the prompt and which parts of it are content.</summary>
    public RenderedPrompt Render(PromptRequest request)
    {
        List<ChatTemplateMessage> converted = ToTemplate(request.Messages, request.Instructions);
        if (string.Join("\n\n", ((string?[])[request.ToolText, request.FormatText]).OfType<string>()) is { Length: > 0 } text)
        {
            AddText(converted, text);
        }

        return Render(converted, request);
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
        List<int> head = BuildPrefix(request with { Messages = [.. request.Messages.Where(message => message.Role == ChatRole.System)] });
        return Math.Max(1, CollectionsMarshal.AsSpan(head).CommonPrefixLength(CollectionsMarshal.AsSpan(prompt)));
    }

    private RenderedPrompt Render(List<ChatTemplateMessage> messages, PromptRequest? request = null) => _template.Render(new ChatTemplateInput
    {
        Messages = messages,
        Tools = ToolDeclarations.ToTemplate(request?.Tools ?? []),
        Variables = request?.Variables,
        BosToken = _beginningOfText,
        EosToken = _endOfText,
        Now = _time.GetLocalNow(),
    });

    /// <summary>A description ends the system message. A template that has none gets it before the first user message, where it stays as the conversation grows.</summary>
    private void AddText(List<ChatTemplateMessage> messages, string text)
    {
        if (messages is [{ Role: "system" } system, ..])
        {
            messages[0] = new ChatTemplateMessage { Role = system.Role, Content = $"{system.Content}\n\n{text}" };
        }
        else if (_takesSystemMessage.Value)
        {
            messages.Insert(0, new ChatTemplateMessage { Role = ChatRole.System.Value, Content = text });
        }
        else if (messages.FindIndex(message => message.Role == ChatRole.User.Value) is >= 0 and int first)
        {
            messages[first] = new ChatTemplateMessage { Role = ChatRole.User.Value, Content = $"{text}\n\n{messages[first].Content}" };
        }
    }

    /// <summary>Whether the template writes a system message; some refuse it, some drop it.</summary>
    private bool TakesSystemMessage()
    {
        const string Probe = "7d1f3b52";
        try
        {
            return Render(
            [
                new ChatTemplateMessage { Role = ChatRole.System.Value, Content = Probe },
                new ChatTemplateMessage { Role = ChatRole.User.Value, Content = "A" },
            ]).Text.Contains(Probe, StringComparison.Ordinal);
        }
        catch (ChatTemplateException)
        {
            return false;
        }
    }

    private static List<ChatTemplateMessage> ToTemplate(IEnumerable<ChatMessage> messages, string? instructions)
    {
        var converted = new List<ChatTemplateMessage>();
        int index = 0;
        foreach (ChatMessage message in messages)
        {
            converted.Add(ToTemplate(message, index++));
        }

        if (index == 0 && string.IsNullOrEmpty(instructions))
        {
            throw new OptionNotSupportedException("messages", "The conversation has no message, so there is nothing to answer. Add at least one.");
        }

        if (!string.IsNullOrEmpty(instructions))
        {
            AddInstructions(converted, instructions);
        }

        return converted;
    }

    /// <summary>Most templates take one system message, in front; instructions join it.</summary>
    private static void AddInstructions(List<ChatTemplateMessage> messages, string instructions)
    {
        if (messages.Count > 0 && messages[0].Role == ChatRole.System.Value)
        {
            messages[0] = new ChatTemplateMessage { Role = ChatRole.System.Value, Content = $"{instructions}\n{messages[0].Content}" };
        }
        else
        {
            messages.Insert(0, new ChatTemplateMessage { Role = ChatRole.System.Value, Content = instructions });
        }
    }

    private static ChatTemplateMessage ToTemplate(ChatMessage message, int index)
    {
        if (message.Role != ChatRole.System && message.Role != ChatRole.User && message.Role != ChatRole.Assistant)
        {
            throw new OptionNotSupportedException(
                "messages", $"Message {index} has the role '{message.Role}', but only system, user and assistant are supported. Leave the message out or change its role.");
        }

        var text = new StringBuilder();
        var reasoning = new StringBuilder();
        foreach (AIContent content in message.Contents)
        {
            switch (content)
            {
                case TextReasoningContent thought:
                    reasoning.Append(thought.Text);
                    break;
                case TextContent part:
                    text.Append(part.Text);
                    break;
                case UsageContent:
                    // Accounting of an earlier answer, which histories carry along.
                    break;
                default:
                    throw new OptionNotSupportedException(
                        "messages", $"Message {index} ({message.Role}) holds {content.GetType().Name}, but only text is supported. Leave the content out or describe it in words.");
            }
        }

        return new ChatTemplateMessage
        {
            Role = message.Role.Value,
            Content = text.ToString(),
            ReasoningContent = reasoning.Length > 0 ? reasoning.ToString() : null,
        };
    }

    private string? TextOf(int? token) => token is int id ? _model.Vocabulary.GetText(id) : null;

    private static ChatTemplateException NoTemplate(ILanguageModel model) => new(
        $"The model '{model.Description.Name}' has no chat template, so messages cannot be turned into a prompt. Set {nameof(LlamaChatClientOptions)}.{nameof(LlamaChatClientOptions.ChatTemplate)}.",
        1,
        1);
}
