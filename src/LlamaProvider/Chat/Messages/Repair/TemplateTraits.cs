using System.Text.Json;
using LlamaProvider.Templates;

namespace LlamaProvider.Chat.Messages.Repair;

/// <summary>Renders messages by a model's template.</summary>
/// <param name="messages">The messages.</param>
/// <param name="tools">The tools; an empty list and none are different values to a template.</param>
/// <returns>The text; <see langword="null"/> when the template refuses them.</returns>
internal delegate string? TemplateRenderer(IReadOnlyList<ChatTemplateMessage> messages, IReadOnlyList<JsonElement>? tools);

/// <summary>
/// What a template does with conversations: found by rendering small ones and looking for their words, once for each question and only when it is asked.
/// Nothing depends on a model's name. Safe for concurrent use.
/// </summary>
internal sealed class TemplateTraits
{
    /// <summary>Some templates check that ids have nine letters or digits.</summary>
    private const string ShortId = "c00000001";

    private const string LongId = "call_4f5e1c0a9b8d7e6f01234567";

    private readonly TemplateRenderer _render;
    private readonly Lazy<IReadOnlyList<JsonElement>?> _noTools;
    private readonly Lazy<bool> _system;
    private readonly Lazy<bool> _systemAlone;
    private readonly Lazy<bool> _laterSystem;
    private readonly Lazy<bool> _adjacentUsers;
    private readonly Lazy<bool> _adjacentAssistants;
    private readonly Lazy<bool> _leadingAssistant;
    private readonly Lazy<bool> _emptyAssistant;
    private readonly Lazy<CallForm> _calls;
    private readonly Lazy<bool> _parallelCalls;
    private readonly Lazy<bool> _longIds;
    private readonly Lazy<bool> _results;
    private readonly Lazy<bool> _userAfterResult;

    public TemplateTraits(TemplateRenderer render)
    {
        _render = render;
        _noTools = new(() => render([ProbeMessages.User("a")], null) is null && render([ProbeMessages.User("a")], []) is not null ? [] : null);
        _system = new(() => Writes(ProbeMessages.System("s1"), ProbeMessages.User("u1")));
        _systemAlone = new(() => Writes(ProbeMessages.System("s1")));
        _laterSystem = new(() => Writes(ProbeMessages.User("u1"), ProbeMessages.Assistant("a1"), ProbeMessages.System("s1"), ProbeMessages.User("u2")));
        _adjacentUsers = new(() => Writes(ProbeMessages.User("u1"), ProbeMessages.User("u2")));
        _adjacentAssistants = new(() => Writes(ProbeMessages.User("u1"), ProbeMessages.Assistant("a1"), ProbeMessages.Assistant("a2"), ProbeMessages.User("u2")));
        _leadingAssistant = new(() => Writes(ProbeMessages.Assistant("a1"), ProbeMessages.User("u1")));
        _emptyAssistant = new(() => Writes(ProbeMessages.User("u1"), new() { Role = PromptMessage.Assistant }, ProbeMessages.User("u2")));
        _calls = new(FindCallForm);
        _parallelCalls = new(() => Writes(
            Call((ShortId, "v1"), ("c00000002", "v2")), ProbeMessages.Result(ShortId, "r1"), ProbeMessages.Result("c00000002", "r2")));
        _longIds = new(() => Writes(Call((LongId, "v1")), ProbeMessages.Result(LongId, "r1")));
        _results = new(() => Writes(Call((ShortId, "v1")), ProbeMessages.Result(ShortId, "r1"), ProbeMessages.Assistant("a1"), ProbeMessages.User("u2")));
        _userAfterResult = new(() => Writes(Call((ShortId, "v1")), ProbeMessages.Result(ShortId, "r1"), ProbeMessages.User("u2")));
    }

    /// <summary>What the template takes for no tools: nothing, or an empty list where it fails on nothing.</summary>
    public IReadOnlyList<JsonElement>? NoTools => _noTools.Value;

    /// <summary>Whether a system message is written before the first user message.</summary>
    public bool WritesSystem => _system.Value;

    /// <summary>Whether a system message needs no user message.</summary>
    public bool WritesSystemAlone => _systemAlone.Value;

    /// <summary>Whether a system message is written where it stands, later in the conversation.</summary>
    public bool WritesLaterSystem => _laterSystem.Value;

    /// <summary>Whether two user messages may follow each other.</summary>
    public bool WritesAdjacentUsers => _adjacentUsers.Value;

    /// <summary>Whether two messages of the assistant may follow each other.</summary>
    public bool WritesAdjacentAssistants => _adjacentAssistants.Value;

    /// <summary>Whether the assistant may speak first.</summary>
    public bool WritesLeadingAssistant => _leadingAssistant.Value;

    /// <summary>Whether the assistant may say nothing.</summary>
    public bool WritesEmptyAssistant => _emptyAssistant.Value;

    /// <summary>In what form calls of the assistant are written.</summary>
    public CallForm Calls => _calls.Value;

    /// <summary>Whether several calls of one message are written.</summary>
    public bool WritesParallelCalls => _parallelCalls.Value;

    /// <summary>Whether ids may be of any form.</summary>
    public bool TakesAnyId => _longIds.Value;

    /// <summary>Whether results are written as messages of the tool.</summary>
    public bool WritesResults => _results.Value;

    /// <summary>Whether a user message may follow a result, without an answer between.</summary>
    public bool WritesUserAfterResult => _userAfterResult.Value;

    private CallForm FindCallForm()
    {
        foreach (CallForm form in (CallForm[])[CallForm.Object, CallForm.Text])
        {
            // Some templates write a call only once its result follows; others know no results.
            ChatTemplateMessage call = ProbeMessages.Call(form, (ShortId, "v1"));
            if (Writes(call) || Writes(call, ProbeMessages.Result(ShortId, "r1")))
            {
                return form;
            }
        }

        return CallForm.None;
    }

    private ChatTemplateMessage Call(params (string Id, string Value)[] calls) => ProbeMessages.Call(Calls, calls);

    /// <summary>Whether everything that some messages say is written, in its order. Calls follow a question.</summary>
    private bool Writes(params ChatTemplateMessage[] messages)
    {
        bool asksTools = messages.Any(message => message.ToolCalls is not null || message.Role == PromptMessage.Tool);
        ChatTemplateMessage[] conversation = messages[0].Role == PromptMessage.Assistant && asksTools ? [ProbeMessages.User("u1"), .. messages] : messages;
        return asksTools
            ? ProbeMessages.IsIn(conversation, _render(conversation, ProbeMessages.Tools)) || ProbeMessages.IsIn(conversation, _render(conversation, NoTools))
            : ProbeMessages.IsIn(conversation, _render(conversation, NoTools) ?? _render(conversation, ProbeMessages.Tools));
    }
}

/// <summary>How a template wants the arguments of calls.</summary>
internal enum CallForm
{
    /// <summary>As an object.</summary>
    Object,

    /// <summary>As a text with JSON in it.</summary>
    Text,

    /// <summary>Not at all: it writes no calls.</summary>
    None,
}
