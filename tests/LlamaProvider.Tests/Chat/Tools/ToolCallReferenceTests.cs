using System.Text;
using System.Text.Json;
using LlamaProvider.Chat;
using LlamaProvider.Chat.Tools;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Composition;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Tests.Templates;
using LlamaProvider.TestSupport.Scripted;

namespace LlamaProvider.Tests.Chat.Tools;

/// <summary>Real chat templates: what they write for calls is what the constraint allows and what the reader reads.</summary>
[Trait("Category", "Reference")]
public sealed class ToolCallReferenceTests
{
    private static readonly ToolDeclaration Now = new("get_clock", "The time.", JsonElement.Parse("""{"type":"object","properties":{}}"""));

    private static readonly ToolDeclaration Weather = new("get_weather", "The weather.", JsonElement.Parse(
        """{"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer"}},"required":["city"]}"""));

    private static readonly ToolDeclaration Search = new("search", "Finds.", JsonElement.Parse(
        """{"type":"object","properties":{"exact":{"type":"boolean"},"query":{"type":"string"},"sort":{"enum":["up","down"]},"tags":{"type":"array","items":{"type":"number"}}},"required":["query"]}"""));

    private static readonly ToolRequest Request = new([Now, Weather, Search], IsRequired: false, AllowsSeveral: true);

    private static readonly (string Name, string Arguments)[][] Answers =
    [
        [("get_clock", "{}")],
        [("get_weather", """{"city": "Paris"}""")],
        [("get_weather", """{"city": "São \"Paulo\" 🌧", "days": 3}""")],
        [("search", """{"query": "x"}""")],
        [("search", """{"exact": true, "query": "a < b", "sort": "down"}""")],
        [("search", """{"query": "x", "tags": [1, 2.5]}""")],
        [("get_weather", """{"city": "Rome", "days": -1}"""), ("search", """{"exact": false, "query": "y"}""")],
        [("search", """{"query": "1"}"""), ("get_weather", """{"city": "2"}"""), ("get_weather", """{"city": "3", "days": 12}""")],
    ];

    [Fact]
    public void Recognize_EveryReferenceTemplate_ReadsAndAllowsWhatTheTemplateWrites()
    {
        var failures = new List<string>();
        (int shown, int answers) = (0, 0);
        string[] names = [.. ReferenceData.Rows().Select(static row => row.Template).Distinct()];
        foreach (string name in names)
        {
            TemplateCalls template = TemplateCalls.Of(name);
            if (template.Write(("get_clock", """{"a": 1}""")) is null || !template.IsShown)
            {
                continue;
            }

            shown++;
            ToolCallFormat format = template.Protocol.Format;
            Markup markup = new(ScriptedModel.PseudoRandom(TemplateCalls.Vocabulary));
            CompiledGrammar grammar = new CompositeDefinition(new ToolCallGrammar(format, markup).Answer(Request, null))
                .Compile(new ConstraintVocabulary(TemplateCalls.Vocabulary), ConstraintLimits.Default);
            foreach ((string Name, string Arguments)[] calls in Answers)
            {
                bool isShown = format.Arguments is not ArgumentSyntax.Tagged tagged || tagged.Values.ContainsKey(ArgumentType.Array) || !calls[0].Arguments.Contains('[', StringComparison.Ordinal);
                if (isShown && (calls.Length == 1 || format.Between is not null) && template.Write(calls) is { } text)
                {
                    answers++;
                    string? failure = Check(format, grammar, text, calls) ?? (format.Trigger is null ? null : Check(format, grammar, $"I look [it] up <now>.\n\n{text}", calls));
                    failures.AddRange(failure is null ? [] : [$"{name}: {failure} in «{text}»"]);
                }
            }
        }

        Assert.True(failures.Count == 0, $"{failures.Count} of {answers}:\n{string.Join('\n', failures)}");
        Assert.True(shown > names.Length * 3 / 4, $"Only {shown} of {names.Length} templates show calls.");
        Assert.True(answers > shown * 5, $"Only {answers} answers.");
    }

    private static string? Check(ToolCallFormat format, CompiledGrammar grammar, string text, (string Name, string Arguments)[] calls)
    {
        GrammarMatcher matcher = grammar.CreateMatcher();
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int accepted = 0;
        while (accepted < bytes.Length && matcher.Accept(bytes.AsSpan(accepted, 1)))
        {
            accepted++;
        }

        if (accepted < bytes.Length || !matcher.CanEnd)
        {
            return $"the constraint stops behind «{Encoding.UTF8.GetString(bytes, 0, accepted)}»";
        }

        var splitter = new ToolCallSplitter(format, Request);
        string shown = string.Concat(text.EnumerateRunes().Select(rune => splitter.Append(rune.ToString())));
        var read = new List<ToolCall>();
        shown += splitter.Complete(read);
        string found = string.Join(", ", read.Select(static call => $"{call.Name} {call.Arguments.GetRawText()}"));
        bool isEqual = read.Count == calls.Length
            && read.Zip(calls).All(static pair => pair.First.Name == pair.Second.Name && JsonElement.DeepEquals(pair.First.Arguments, JsonElement.Parse(pair.Second.Arguments)));
        return !isEqual ? $"read [{found}]" : shown is "" or "I look [it] up <now>." ? null : $"showed «{shown}»";
    }
}
