using System.Text.Json;
using LlamaProvider.Templates.Builtins;
using LlamaProvider.Templates.Syntax;
using LlamaProvider.Templates.Values;

namespace LlamaProvider.Templates.Evaluation;

/// <summary>
/// Makes values of an input, for the names that a template reads. Here is decided which strings are trusted: the two tokens, the keys that
/// this class itself writes, and plain words as the role of a message and the type of a part, a call or a tool.
/// </summary>
internal sealed class InputReader(ChatTemplateInput input, Budget budget)
{
    private readonly JsonReader _json = new(budget);

    public void Fill(Frame frame, Scope names)
    {
        foreach (var name in names.Names)
        {
            frame.Slots[names.Find(name)!.Value] = Read(name) ?? Globals.Find(name);
        }
    }

    private Value? Read(string name) => name switch
    {
        "messages" => new ListValue([.. input.Messages.Select(Message)]),
        "tools" when input.Tools is { } tools => new ListValue([.. tools.Select(Typed)]),
        "documents" when input.Documents is { } documents => _json.Read(documents),
        "add_generation_prompt" => BoolValue.Of(input.AddGenerationPrompt),
        "bos_token" when input.BosToken is { } token => TextValue.Trusted(token),
        "eos_token" when input.EosToken is { } token => TextValue.Trusted(token),
        _ when input.Variables is not null && input.Variables.TryGetValue(name, out var value) => _json.Read(value),
        "tools" or "documents" => NoneValue.Instance,
        _ => null,
    };

    private DictValue Message(ChatTemplateMessage message)
    {
        if (message.Json is { } json)
        {
            return MessageFromJson(json);
        }

        var value = new DictValue(8);
        value.Set(Key("role"), Word(message.Role));
        value.Set(Key("content"), message.Parts is { } parts ? new ListValue([.. parts.Select(Part)]) : TextOrNone(message.Content));
        SetText(value, "reasoning_content", message.ReasoningContent);
        if (message.ToolCalls is { } calls)
        {
            value.Set(Key("tool_calls"), new ListValue([.. calls.Select(ToolCall)]));
        }

        SetText(value, "name", message.Name);
        SetText(value, "tool_call_id", message.ToolCallId);
        return SetAll(value, message.Additional);
    }

    private DictValue Part(ChatTemplatePart part)
    {
        var value = new DictValue();
        value.Set(Key("type"), Word(part.Type));
        SetText(value, "text", part.Text);
        return SetAll(value, part.Additional);
    }

    private DictValue ToolCall(ChatTemplateToolCall call)
    {
        var function = new DictValue();
        function.Set(Key("name"), TextValue.FromContent(call.Name));
        function.Set(Key("arguments"), _json.Read(call.Arguments));
        var value = new DictValue();
        SetText(value, "id", call.Id);
        value.Set(Key("type"), TextValue.Trusted("function"));
        value.Set(Key("function"), function);
        return value;
    }

    private DictValue MessageFromJson(JsonElement message) => _json.ReadObject(message, (name, member) => (name, member.ValueKind) switch
    {
        ("role", JsonValueKind.String) => Word(_json.Text(member).Characters),
        ("content" or "tool_calls", JsonValueKind.Array) => new ListValue([.. member.EnumerateArray().Select(Typed)]),
        _ => null,
    });

    /// <summary>A part, a call or a tool: an object whose <c>type</c> is a word.</summary>
    private Value Typed(JsonElement element) => element.ValueKind != JsonValueKind.Object
        ? _json.Read(element)
        : _json.ReadObject(element, (name, member) =>
            (name, member.ValueKind) is ("type", JsonValueKind.String) ? Word(_json.Text(member).Characters) : null);

    private DictValue SetAll(DictValue value, IReadOnlyDictionary<string, JsonElement>? members)
    {
        foreach (var (name, member) in members ?? new Dictionary<string, JsonElement>())
        {
            value.Set(TextValue.FromContent(name), _json.Read(member));
        }

        return value;
    }

    private static TextValue Word(string text) =>
        text.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-')
            ? TextValue.Trusted(text)
            : TextValue.FromContent(text);

    private static TextValue Key(string name) => TextValue.Trusted(name);

    private static Value TextOrNone(string? text) => text is null ? NoneValue.Instance : TextValue.FromContent(text);

    private static void SetText(DictValue value, string key, string? text)
    {
        if (text is not null)
        {
            value.Set(Key(key), TextValue.FromContent(text));
        }
    }
}
