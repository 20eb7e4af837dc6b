using System.Text;
using System.Text.Json;
using LlamaProvider.Chat;
using LlamaProvider.Chat.Reasoning;
using LlamaProvider.Chat.Tools;
using LlamaProvider.Decoding.Constraints;
using LlamaProvider.Decoding.Constraints.Composition;
using LlamaProvider.Decoding.Constraints.Recognition;
using LlamaProvider.Decoding.Stopping;
using LlamaProvider.Tests.Templates;
using LlamaProvider.TestSupport.Scripted;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Chat.Tools;

/// <summary>Real chat templates of models that reason before they call: what they write is what the constraint allows, and is read as reasoning and a call.</summary>
[Trait("Category", "Reference")]
public sealed class ReasonedCallReferenceTests
{
    private const string Thought = "I need the weather.";
    private const string Arguments = """{"city": "Paris"}""";

    private static readonly ToolDeclaration Weather = new("get_weather", "The weather.", JsonElement.Parse(
        """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}"""));

    private static readonly ScriptedModel Model = ScriptedModel.PseudoRandom(TemplateCalls.Vocabulary);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Call_BehindReasoning_IsAllowedAndRead(bool isRequired)
    {
        var failures = new List<string>();
        var shown = new List<string>();
        foreach (string name in ReferenceData.Rows().Select(static row => row.Template).Distinct())
        {
            TemplateCalls template = TemplateCalls.Of(name);
            if (template.Reasoning.Layout.HasReasoning && template.Write((Weather.Name, Arguments)) is not null && template.IsShown
                && template.WriteReasoned(Thought, (Weather.Name, Arguments)) is { } text)
            {
                shown.Add(name);
                failures.AddRange(Check(template, text, isRequired) is { } failure ? [$"{name}: {failure} in «{text}»"] : []);
            }
        }

        Assert.True(failures.Count == 0, $"{failures.Count} of {shown.Count}:\n{string.Join('\n', failures)}");
        Assert.True(shown.Count >= 15, string.Join(", ", shown));
        Assert.Contains("openai-gpt-oss-120b.jinja", shown);
    }

    private static string? Check(TemplateCalls template, string text, bool isRequired)
    {
        var request = new ToolRequest([Weather], isRequired, AllowsSeveral: true);
        var tools = new ToolAnswer(template.Protocol, request);
        ReasoningPlan plan = new ReasoningModel(Model, template.Reasoning).Plan(ReasoningSettings.Read(new ChatOptions()));
        var grammar = (CompiledGrammar)plan.Wrap(tools.Constrain(Model, final: null), hasTools: true)!.Definition
            .Compile(new ConstraintVocabulary(TemplateCalls.Vocabulary), ConstraintLimits.Default);
        GrammarMatcher matcher = grammar.CreateMatcher();
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int accepted = 0;
        while (accepted < bytes.Length && matcher.Accept(bytes.AsSpan(accepted, 1)))
        {
            accepted++;
        }

        return accepted < bytes.Length || !matcher.CanEnd ? $"the constraint stops behind «{Encoding.UTF8.GetString(bytes, 0, accepted)}»" : CheckContents(plan, tools, bytes);
    }

    private static string? CheckContents(ReasoningPlan plan, ToolAnswer tools, byte[] bytes)
    {
        var stops = new StopSequences([]);
        var text = new AnswerText(TemplateCalls.Vocabulary, stops, isMarked: true);
        var reader = new AnswerReader(text, tools.CreateSplitter(hasFinal: false), plan.CreateReader(text, stops));
        var contents = new List<AIContent>();
        foreach (byte value in bytes)
        {
            reader.Append([ScriptedVocabulary.Byte((char)value)], contents);
        }

        reader.Complete(contents);
        string read = string.Join('|', contents.GroupBy(content => content.GetType()).Select(group => string.Concat(group.Select(content => content switch
        {
            TextReasoningContent thought => $"thought {thought.Text}",
            FunctionCallContent call => $"call {call.Name} {call.Arguments!["city"]}",
            _ => $"text {content}",
        }))));
        string expected = $"thought {Thought}|call {Weather.Name} Paris";
        return read.Replace("thought ", "", StringComparison.Ordinal) == expected.Replace("thought ", "", StringComparison.Ordinal) ? null : $"read «{read}»";
    }
}
