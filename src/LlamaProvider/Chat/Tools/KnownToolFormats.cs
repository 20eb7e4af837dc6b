using System.Collections.Immutable;
using LlamaProvider.Options;

namespace LlamaProvider.Chat.Tools;

/// <summary>Formats by name, for templates that do not show theirs and for users who know better than the template.</summary>
internal static class KnownToolFormats
{
    /// <summary>The format of models that have none of their own: what most models with tools write.</summary>
    public const string Generic = "hermes";

    private static readonly ArgumentSyntax NameAndArguments = new ArgumentSyntax.Json(new CallText("\", \"arguments\": "));

    /// <summary>The formats, by name.</summary>
    public static ImmutableSortedDictionary<string, ToolCallFormat> All { get; } = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, new KeyValuePair<string, ToolCallFormat>[]
    {
        new(Generic, Json("<tool_call>\n{\"name\": \"", "}\n</tool_call>\n<tool_call>\n{\"name\": \"", "}\n</tool_call>", "<tool_call>", NameAndArguments)),
        new("granite", Json("<|tool_call|>[{\"name\": \"", "}, {\"name\": \"", "}]", "<|tool_call|>", NameAndArguments)),
        new("llama3", Json("{\"name\": \"", null, "}", null, new ArgumentSyntax.Json(new CallText("\", \"parameters\": ")))),
        new("mistral", Json("[TOOL_CALLS][{\"name\": \"", "}, {\"name\": \"", "}]", "[TOOL_CALLS]", NameAndArguments)),
        new("functionary", Json("<function=", "</function><function=", "</function>", "<function=", new ArgumentSyntax.Json(new CallText(">")))),
        new("qwen3-coder", Tagged(
            ("<tool_call>\n<function=", "\n</function>\n</tool_call>\n<tool_call>\n<function=", "\n</function>\n</tool_call>"),
            (">", ">\n<parameter="),
            (">\n", "\n</parameter>\n<parameter=", "\n</parameter>"),
            isPython: false)),
        new("lfm2", Tagged(("<|tool_call_start|>[", "), ", ")]<|tool_call_end|>"), ("(", "("), ("=", ", ", ""), isPython: true)),
    });

    /// <summary>A format by name; <see langword="null"/> for no name.</summary>
    /// <exception cref="InvalidOptionsException">No format has the name.</exception>
    public static ToolCallFormat? Find(string? name) => name is null ? null : All.TryGetValue(name, out ToolCallFormat? format) ? format : throw new InvalidOptionsException(
        nameof(LlamaChatClientOptions), [$"{nameof(LlamaChatClientOptions.ToolFormat)} is '{name}', but must be one of {string.Join(", ", All.Keys)}. Change the option, or leave it unset for the chat template's."]);

    /// <summary>The format of a model whose template describes tools without showing a call: the one whose mark its description has.</summary>
    /// <param name="described">What the template writes for a conversation with tools.</param>
    public static ToolCallFormat? FindIn(string described) =>
        described.Contains("<|tool_call|>", StringComparison.Ordinal) ? All["granite"]
        : described.Contains("<|tool_list_start|>", StringComparison.Ordinal) ? All["lfm2"]
        : null;

    private static ToolCallFormat Json(string begin, string? between, string end, string? trigger, ArgumentSyntax arguments) => new()
    {
        Begin = new CallText(begin),
        Between = between is null ? null : new CallText(between),
        End = new CallText(end),
        Trigger = trigger,
        Arguments = arguments,
    };

    /// <param name="call">Before the first name, between calls, and at the end.</param>
    /// <param name="name">Behind a name without arguments, and between a name and its first argument.</param>
    /// <param name="value">Before a value, between it and the next argument, and behind the last.</param>
    /// <param name="isPython">Whether values are Python's: texts in quotes, <c>True</c>, <c>False</c> and <c>None</c>. Else texts stand as they are.</param>
    private static ToolCallFormat Tagged((string Begin, string Between, string End) call, (string None, string First) name, (string After, string Next, string Last) value, bool isPython)
    {
        var other = new TaggedValue(new CallText(value.After), new CallText(value.Next), new CallText(value.Last), ValueForm.Json);
        TaggedValue text = other with { Form = isPython ? ValueForm.Json : ValueForm.Raw };
        ImmutableDictionary<ArgumentType, TaggedValue> values = Enum.GetValues<ArgumentType>().ToImmutableDictionary(
            static type => type, type => type == ArgumentType.String ? text : isPython && type is ArgumentType.Boolean or ArgumentType.Null ? other with { Form = ValueForm.Python } : other);
        return Json(call.Begin, call.Between, call.End, Marks.First(call.Begin), new ArgumentSyntax.Tagged(new CallText(name.None), new CallText(name.First), values));
    }
}
