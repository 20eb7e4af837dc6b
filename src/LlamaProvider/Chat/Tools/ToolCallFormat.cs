using System.Collections.Immutable;

namespace LlamaProvider.Chat.Tools;

/// <summary>How a model writes the calls of an answer: <c>Begin name arguments (Between name arguments)* End</c>. Immutable, compared by content.</summary>
/// <remarks>
/// The families differ in these texts and in how arguments are written, and in nothing else. Qwen and Hermes: <c>&lt;tool_call&gt;\n{"name": "</c>, <c>", "arguments": </c>,
/// JSON, <c>}\n&lt;/tool_call&gt;</c>. Mistral: <c>[TOOL_CALLS]</c>, name, <c>[ARGS]</c>, JSON. DeepSeek, Kimi, harmony and Llama 3 likewise. So a format is learned from what the
/// model's template writes for calls (<see cref="Recognition.ToolCallLearner"/>), and a model that is not known yet needs no code.
/// </remarks>
internal sealed record ToolCallFormat
{
    /// <summary>What stands before the first call's name.</summary>
    public required CallText Begin { get; init; }

    /// <summary>What stands between a call's arguments and the next call's name; <see langword="null"/> when an answer has one call.</summary>
    public CallText? Between { get; init; }

    /// <summary>What stands behind the last call's arguments.</summary>
    public required CallText End { get; init; }

    /// <summary>How a call's arguments are written, from its name on.</summary>
    public required ArgumentSyntax Arguments { get; init; }

    /// <summary>
    /// What tells a call from other text: it stands nowhere else in an answer with this format. <see langword="null"/> when nothing does (Llama 3 writes bare JSON); then a call
    /// is what an answer begins with.
    /// </summary>
    public string? Trigger { get; init; }
}

/// <summary>How a call's arguments are written.</summary>
internal abstract record ArgumentSyntax
{
    /// <summary>A JSON object.</summary>
    /// <param name="AfterName">What stands between the name and the object.</param>
    public sealed record Json(CallText AfterName) : ArgumentSyntax;

    /// <summary>Each argument between marks of its own: <c>&lt;parameter=city&gt;\nParis\n&lt;/parameter&gt;</c>.</summary>
    /// <param name="None">What stands behind the name when there are no arguments.</param>
    /// <param name="BeforeFirst">What stands between the name and the first argument's name.</param>
    /// <param name="Values">How values are written, by their type; a type that is missing cannot be written.</param>
    public sealed record Tagged(CallText None, CallText BeforeFirst, ImmutableDictionary<ArgumentType, TaggedValue> Values) : ArgumentSyntax
    {
        public bool Equals(Tagged? other) =>
            other is not null && (None, BeforeFirst) == (other.None, other.BeforeFirst) && Values.Count == other.Values.Count
            && Values.All(value => other.Values.TryGetValue(value.Key, out TaggedValue? same) && value.Value == same);

        public override int GetHashCode() => HashCode.Combine(None, BeforeFirst, Values.Count);
    }
}

/// <summary>What stands around an argument's value.</summary>
/// <param name="AfterKey">Between its name and its value.</param>
/// <param name="BeforeNext">Between its value and the next argument's name.</param>
/// <param name="Last">Behind its value, when it is the last.</param>
/// <param name="Form">How the value is written.</param>
internal sealed record TaggedValue(CallText AfterKey, CallText BeforeNext, CallText Last, ValueForm Form)
{
    /// <summary>Where a raw value ends: it is not part of one.</summary>
    public string EndMark { get; } = Marks.First(Marks.CommonPrefix(BeforeNext.Start, Last.Start is "" ? BeforeNext.Start : Last.Start));
}

/// <summary>JSON's types of values.</summary>
internal enum ArgumentType
{
    /// <summary>A text.</summary>
    String,

    /// <summary>A number.</summary>
    Number,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary><c>null</c>.</summary>
    Null,

    /// <summary>An object.</summary>
    Object,

    /// <summary>An array.</summary>
    Array,
}

/// <summary>How a value is written.</summary>
internal enum ValueForm
{
    /// <summary>As JSON.</summary>
    Json,

    /// <summary>A text as it is.</summary>
    Raw,

    /// <summary><c>True</c>, <c>False</c> and <c>None</c>.</summary>
    Python,
}
