using System.Collections.Immutable;
using System.Text.Json;

namespace LlamaProvider.Chat.Tools.Recognition;

/// <summary>Learns a format in which each argument stands between marks of its own.</summary>
internal static class TaggedArgumentLearner
{
    private const string Text = "qval\"z7";
    private static readonly string First = ToolCallProbe.Keys[0];
    private static readonly string Second = ToolCallProbe.Keys[1];

    /// <summary>A value of each type, as JSON.</summary>
    private static readonly (ArgumentType Type, string Json)[] Samples =
    [
        (ArgumentType.String, $"\"{JsonEncodedText.Encode(Text)}\""),
        (ArgumentType.Number, "417"),
        (ArgumentType.Boolean, "true"),
        (ArgumentType.Null, "null"),
        (ArgumentType.Object, """{"qn": "qz"}"""),
        (ArgumentType.Array, """["qn", 41]"""),
    ];

    public static ToolCallFormat? Learn(ToolCallProbe probe)
    {
        var probed = new Dictionary<ArgumentType, Probed>();
        foreach ((ArgumentType type, string json) in Samples)
        {
            if (Probe(probe, type, json) is { } found)
            {
                probed.Add(type, found);
            }
        }

        if (!probed.TryGetValue(ArgumentType.String, out Probed? text) || probe.Write("{}") is not { } none || NameEnd(none) is not int noneAt)
        {
            return null;
        }

        string end = probed.Values.Select(static value => value.Tail).Aggregate(none[noneAt..], Marks.CommonSuffix);
        string noneText = none[noneAt..^end.Length];
        CallTexts one = new([text.Begin], [text.BeforeKey], end);
        return CallSlots.ToFormat(one, Several(probe, text.Tail[..^end.Length]), beforeFirst => new ArgumentSyntax.Tagged(
            new CallText(CallSlots.Of(noneText, 0)), beforeFirst, probed.ToImmutableDictionary(static pair => pair.Key, pair => ToValue(pair.Value, end))));
    }

    private static TaggedValue ToValue(Probed value, string end) => new(
        KeySlot(value.AfterKey, First), KeySlot(value.BeforeNext, First), KeySlot(value.Tail[..^end.Length], First), value.Form);

    private static CallText KeySlot(string text, string key) =>
        new(CallSlots.Of(text, 0).Replace(key, CallText.Key.ToString(), StringComparison.Ordinal));

    /// <summary>The texts around three calls, each with a text as its only argument.</summary>
    private static CallTexts? Several(ToolCallProbe probe, string last)
    {
        string call = $$"""{"{{First}}": "{{JsonEncodedText.Encode(Text)}}"}""";
        return probe.Write(call, call, call) is { } three ? CallTexts.Split(three, 3, Arguments) : null;

        (int, int)? Arguments(string text, int name)
        {
            int key = text.IndexOf(First, name, StringComparison.Ordinal);
            return key >= 0 && Find(text, key + First.Length, ArgumentType.String) is { } value ? (key, value.End + last.Length) : null;
        }
    }

    private static Probed? Probe(ToolCallProbe probe, ArgumentType type, string json)
    {
        string? one = probe.Write($$"""{"{{First}}": {{json}}}""");
        string? two = probe.Write($$"""{"{{First}}": {{json}}, "{{Second}}": 417}""");
        if (one is null || two is null || NameEnd(one) is not int name || NameEnd(two) is not int nameOfTwo)
        {
            return null;
        }

        int key = one.IndexOf(First, name, StringComparison.Ordinal);
        int keyOfTwo = two.IndexOf(First, nameOfTwo, StringComparison.Ordinal);
        if (key < 0 || keyOfTwo < 0 || Find(one, key + First.Length, type) is not { } value || Find(two, keyOfTwo + First.Length, type) is not { } valueOfTwo)
        {
            return null;
        }

        int next = two.IndexOf(Second, valueOfTwo.End, StringComparison.Ordinal);
        return next < 0 ? null : new Probed(
            one[..(name - ToolCallProbe.Names[0].Length)],
            one[name..key],
            one[(key + First.Length)..value.Start],
            two[valueOfTwo.End..next],
            one[value.End..],
            value.Form);
    }

    private static int? NameEnd(string text) => text.IndexOf(ToolCallProbe.Names[0], StringComparison.Ordinal) is >= 0 and int name ? name + ToolCallProbe.Names[0].Length : null;

    /// <summary>Where a sample stands, and how it is written.</summary>
    private static (int Start, int End, ValueForm Form)? Find(string text, int from, ArgumentType type) => type switch
    {
        ArgumentType.String => Find(text, from, $"\"{JsonEncodedText.Encode(Text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"", ValueForm.Json) ?? Find(text, from, Text, ValueForm.Raw),
        ArgumentType.Number => Find(text, from, "417", ValueForm.Json),
        ArgumentType.Boolean => Find(text, from, "true", ValueForm.Json) ?? Find(text, from, "True", ValueForm.Python),
        ArgumentType.Null => Find(text, from, "null", ValueForm.Json) ?? Find(text, from, "None", ValueForm.Python),
        ArgumentType.Object => FindJson(text, from, '{'),
        _ => FindJson(text, from, '['),
    };

    private static (int, int, ValueForm)? Find(string text, int from, string value, ValueForm form) =>
        text.IndexOf(value, from, StringComparison.Ordinal) is >= 0 and int found ? (found, found + value.Length, form) : null;

    private static (int, int, ValueForm)? FindJson(string text, int from, char open)
    {
        for (int found = text.IndexOf(open, from); found >= 0; found = text.IndexOf(open, found + 1))
        {
            if (JsonScan.LengthAt(text, found) is int length && text.AsSpan(found, length).Contains("qn", StringComparison.Ordinal))
            {
                return (found, found + length, ValueForm.Json);
            }
        }

        return null;
    }

    /// <param name="Begin">Before the tool's name.</param>
    /// <param name="BeforeKey">Between the tool's name and the argument's.</param>
    /// <param name="AfterKey">Between the argument's name and its value.</param>
    /// <param name="BeforeNext">Between the value and the next argument's name.</param>
    /// <param name="Tail">Everything behind the value, when it is the last.</param>
    /// <param name="Form">How the value is written.</param>
    private sealed record Probed(string Begin, string BeforeKey, string AfterKey, string BeforeNext, string Tail, ValueForm Form);
}
