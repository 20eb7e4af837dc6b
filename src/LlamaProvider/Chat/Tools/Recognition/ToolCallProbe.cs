using System.Text.Json;
using LlamaProvider.Templates;

namespace LlamaProvider.Chat.Tools.Recognition;

/// <summary>Renders calls of tools that do not exist, to see what a template makes of them.</summary>
/// <param name="render">Renders messages with the tools <see cref="Tools"/>, with the beginning of an answer or without; <see langword="null"/> when the template refuses.</param>
/// <param name="asText">Whether arguments are given as the text of a JSON object, as OpenAI's own interface has them and some templates want them.</param>
internal sealed class ToolCallProbe(Func<IReadOnlyList<ChatTemplateMessage>, bool, string?> render, bool asText)
{
    /// <summary>The names of tools and arguments: all of one length, in alphabetical order, and in no template.</summary>
    public static readonly string[] Names = ["qtoola7z", "qtoolb7z", "qtoolc7z"];

    /// <summary>See <see cref="Names"/>.</summary>
    public static readonly string[] Keys = ["qkeya7z", "qkeyb7z"];

    /// <summary>The identifiers of the calls.</summary>
    public static readonly string[] Ids = ["qidentaz7", "qidentbz7", "qidentcz7"];

    private const string Content = "☃";
    private static readonly string Properties = $$$"""{"{{{Keys[0]}}}":{"type":"string","description":"A."},"{{{Keys[1]}}}":{"type":"string","description":"B."}}""";
    private static readonly ChatTemplateMessage User = new() { Role = "user", Content = "☀" };

    /// <summary>The declarations of the tools.</summary>
    public static IReadOnlyList<JsonElement> Tools { get; } =
    [
        .. Names.Select(name => JsonElement.Parse(
            $$$$"""{"type":"function","function":{"name":"{{{{name}}}}","description":"A tool.","parameters":{"type":"object","properties":{{{{Properties}}}},"required":[]}}}""")),
    ];

    /// <summary>What a model writes for calls of <see cref="Names"/> with these arguments, each a JSON object; see <see cref="Write(IReadOnlyList{ChatTemplateToolCall})"/>.</summary>
    public string? Write(params ReadOnlySpan<string> arguments)
    {
        var calls = new List<ChatTemplateToolCall>();
        foreach (string json in arguments)
        {
            calls.Add(new ChatTemplateToolCall { Id = Ids[calls.Count], Name = Names[calls.Count], Arguments = JsonElement.Parse(json) });
        }

        return Write(calls);
    }

    /// <summary>
    /// What a model writes for calls: what the template has after the beginning of an answer, but for what ends every answer; <see langword="null"/> when the template refuses
    /// or loses calls.
    /// </summary>
    public string? Write(IReadOnlyList<ChatTemplateToolCall> calls)
    {
        if (asText)
        {
            calls = [.. calls.Select(static call => new ChatTemplateToolCall
            {
                Id = call.Id, Name = call.Name, Arguments = JsonSerializer.SerializeToElement(call.Arguments.GetRawText(), ProbeJson.Default.String),
            })];
        }

        string? beginning = render([User], true);
        string? answer = render([User, new ChatTemplateMessage { Role = "assistant", Content = Content }], false);
        string? called = render([User, new ChatTemplateMessage { Role = "assistant", ToolCalls = calls }], false)
            ?? render([User, new ChatTemplateMessage { Role = "assistant", Content = null, ToolCalls = calls }], false);
        if (beginning is null || called is null || !called.Contains(calls[^1].Name, StringComparison.Ordinal))
        {
            return null;
        }

        return Cut(beginning, answer ?? beginning, called, calls[0].Name);
    }

    private static string Cut(string beginning, string answer, string called, string name)
    {
        int start = Marks.Outside(called, beginning.AsSpan().CommonPrefixLength(called));
        int content = answer.LastIndexOf(Content, StringComparison.Ordinal);
        if (content > start && string.CompareOrdinal(answer, 0, called, 0, content) == 0 && content <= called.IndexOf(name, start, StringComparison.Ordinal))
        {
            // Both an answer and a call stand behind something: closed reasoning, say.
            start = content;
        }

        string ending = content < 0 ? "" : answer[(content + Content.Length)..];
        string common = Marks.CommonSuffix(called, ending);
        int end = common == ending ? called.Length - ending.Length : called.Length;
        return called[start..end].Trim();
    }
}
