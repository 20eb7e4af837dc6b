using LlamaProvider.Chat;
using LlamaProvider.Chat.Messages;
using LlamaProvider.TestSupport.Scripted;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Chat.Messages;

/// <summary>Each rule on a template that needs it: what becomes of the conversation, and how it is refused when it may not be changed.</summary>
public sealed class RepairTests
{
    private const string Write = "[{{ m.role }}:{{ m.content }}{% for c in m.tool_calls or [] %}<{{ c.id }} {{ c.function.arguments.values() | join }}>{% endfor %}]";
    private const string OneCall = "{% for m in messages %}{% if m.tool_calls and m.tool_calls | length > 1 %}{{ raise_exception('One.') }}{% endif %}" + Write + "{% endfor %}";
    private const string TextOnly = "{% for m in messages if m.role in ['user', 'assistant'] %}[{{ m.role }}:{{ m.content }}]{% endfor %}";
    private const string ShortIds =
        "{% for m in messages %}{% for c in m.tool_calls or [] %}{% if c.id | length != 9 %}{{ raise_exception('Nine.') }}{% endif %}{% endfor %}" + Write + "{% endfor %}";

    private const string SystemFirst =
        "{% for m in messages %}{% if m.role == 'system' and not loop.first %}{{ raise_exception('First.') }}{% endif %}" + Write + "{% endfor %}";

    private const string Alternating =
        "{% for m in messages if m.role in ['user', 'assistant'] and not m.tool_calls %}"
        + "{% if (m.role == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Alternate.') }}{% endif %}{% endfor %}{% for m in messages %}" + Write + "{% endfor %}";

    private const string Remedy = "Change the conversation, or allow changes with LlamaChatClientOptions.MessageRepair.";

    public static TheoryData<string, ChatMessage[], string, string> Rules { get; } = new()
    {
        {
            OneCall, [User("u"), Calls("1", "2"), Results("2", "1")],
            "[user:u][assistant:<1 v1>][tool:r1][assistant:<2 v2>][tool:r2]",
            "Message 1 (assistant) makes 2 calls, but the model's chat template writes one call a message."
        },
        {
            TextOnly, [User("u"), Calls("1"), Results("1")],
            "[user:u][assistant:<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\":\"v1\"}}\n</tool_call>][user:<tool_response>\nr1\n</tool_response>]",
            "Message 1 (assistant) calls functions, but the model's chat template writes no calls."
        },
        {
            ShortIds, [User("u"), Calls("call_1"), Results("call_1"), Calls("call_2"), Results("call_2")],
            "[user:u][assistant:<c00000000 vcall_1>][tool:rcall_1][assistant:<c00000001 vcall_2>][tool:rcall_2]",
            "Message 1 (assistant) makes a call with the id 'call_1', but the model's chat template takes ids of nine letters or digits only."
        },
        { TextOnly, [System("s"), User("u")], "[user:s\n\nu]", "Message 0 (system) is a system message, but the model's chat template writes none." },
        { TextOnly, [System("s"), Said("a"), User("u")], "[user:s][assistant:a][user:u]", "Message 0 (system) is a system message, but the model's chat template writes none." },
        {
            SystemFirst, [System("s"), System("t"), User("u"), Said("a"), System("x"), User("w"), System("y")],
            "[system:s\n\nt][user:u][assistant:a][user:x\n\nw][user:y]",
            "Message 4 (system) is a system message that follows others, but the model's chat template does not write it where it stands."
        },
        {
            Alternating, [User("u"), User("w"), Said("a"), Said("b"), User("x")],
            "[user:u\n\nw][assistant:a\n\nb][user:x]",
            "Message 1 (user) follows another user message, but the model's chat template does not write both."
        },
        { Alternating, [Said("a"), User("u")], "[user:][assistant:a][user:u]", "Message 0 (assistant) comes before any user message, but the model's chat template wants a user message first." },
        {
            Alternating, [User("u"), Calls("1"), Results("1"), User("w")],
            "[user:u][assistant:<1 v1>][tool:r1][assistant:][user:w]",
            "Message 3 (user) follows a function's result, but the model's chat template wants the assistant's answer first."
        },
        {
            "{% for m in messages %}{% if not m.content %}{{ raise_exception('Say something.') }}{% endif %}" + Write + "{% endfor %}", [User("u"), Said(""), User("w")],
            "[user:u][assistant: ][user:w]", "Message 1 (assistant) is empty, but the model's chat template refuses an empty one."
        },
        {
            "{% if messages | selectattr('role', 'equalto', 'user') | list | length == 0 %}{{ raise_exception('Ask.') }}{% endif %}{% for m in messages %}" + Write + "{% endfor %}", [System("s")],
            "[system:s][user:]", "Message 0 (system) is followed by no user message, but the model's chat template wants one."
        },
    };

    [Theory]
    [MemberData(nameof(Rules), DisableDiscoveryEnumeration = true)]
    public void Render_TemplateThatNeedsIt_RepairsOrNamesTheMessage(string template, ChatMessage[] messages, string repaired, string problem)
    {
        var builder = new ChatPromptBuilder(ScriptedModel.PseudoRandom(ScriptedVocabulary.Bytes()), template, TimeProvider.System);
        PromptRequest request = PromptRequest.Create(messages, null);

        Assert.Equal(repaired, builder.Render(request).Text);
        Assert.Equal($"{problem} {Remedy}", Assert.Throws<ChatMessageException>(() => builder.Render(request with { Repair = MessageRepair.Refuse })).Message);
    }

    private static ChatMessage System(string text) => new(ChatRole.System, text);

    private static ChatMessage User(string text) => new(ChatRole.User, text);

    private static ChatMessage Said(string text) => new(ChatRole.Assistant, text);

    private static ChatMessage Calls(params string[] ids) =>
        new(ChatRole.Assistant, [.. ids.Select(id => new FunctionCallContent(id, "f", new Dictionary<string, object?> { ["a"] = $"v{id}" }))]);

    private static ChatMessage Results(params string[] ids) => new(ChatRole.Tool, [.. ids.Select(id => new FunctionResultContent(id, $"r{id}"))]);
}
