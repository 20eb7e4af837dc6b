using System.Text.Json;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Options;
using LlamaProvider.Tracing;
using LlamaProvider.Visualization;
using Microsoft.Extensions.AI;

namespace DecodingLab.Chapters.Constraints;

/// <summary>Answers of a form: a grammar and a JSON schema.</summary>
internal sealed class StructureChapter : IChapter
{
    private const string Prompt = "Extract name, age, city, job as JSON: Rosa Weber is 34 years old, lives in Lyon, works as a pilot and is good at chess.";

    private const string Grammar = """
        root ::= "{\"name\": \"" name "\", \"city\": \"" city "\"}"
        name ::= [A-Z] [a-z]+ " " [A-Z] [a-z]+
        city ::= "Lyon" | "Paris" | "Rome"
        """;

    private static readonly JsonElement Schema = JsonElement.Parse("""
        {
          "type": "object",
          "properties": {
            "name": { "type": "string", "maxLength": 40 },
            "age": { "type": "integer", "minimum": 0, "maximum": 120 },
            "city": { "type": "string", "maxLength": 40 },
            "job": { "enum": ["teacher", "doctor", "pilot", "farmer", "painter", "engineer"] },
            "retired": { "type": "boolean" }
          },
          "required": ["name", "age", "city", "job"],
          "additionalProperties": false
        }
        """);

    public string Name => "structure";

    public string Title => "Constraints: grammar and JSON schema";

    public ChapterText Text { get; } = new(
        "A grammar or schema is compiled to an automaton over bytes. At every token the automaton says which tokens can still lead to a complete answer; all others are removed before any sampler sees them. "
        + "Text that leaves no choice, such as names of members, is appended without asking the model (jump-forward).",
        "Every answer parses and validates, from the smallest model. Forced text makes it faster than a free answer.",
        "Form is guaranteed, truth is not. A model that is led away from what it wanted to say may say worse.",
        "Extraction, tool calls, whatever a program reads next.");

    public async Task<ChapterRun> RunAsync(Lab lab, IProgress<double> progress, CancellationToken cancellationToken)
    {
        string prompt = lab.PromptOr(Prompt);
        JsonElement schema = lab.Options.Schema ?? Schema;
        ChatOptions Greedy() => lab.Request(200).UseSamplers(static samplers => samplers.Greedy());
        LabAnswer free = await lab.AskAsync("without a constraint", prompt, Greedy(), cancellationToken, top: 10);
        LabAnswer grammar = await lab.AskAsync("with a grammar", prompt, Greedy().UseGrammar(Grammar), cancellationToken, top: 10);
        LabAnswer json = await lab.AskAsync("with a JSON schema", prompt, Greedy().UseJsonSchema(schema), cancellationToken, top: 10);
        int forced = json.Trace.Steps.OfType<ForcedStep>().Count();
        return new ChapterRun
        {
            Answers = [free, grammar, json],
            Findings =
            [
                Finding.Of($"With the schema, {forced} of {json.Trace.Tokens.Count} tokens were appended without asking the model; with the grammar {grammar.Trace.Steps.OfType<ForcedStep>().Count()} of {grammar.Trace.Tokens.Count}."),
                Finding.Of($"Where the model was asked, the schema left {json.Choices.Select(static step => step.Mask!.Allowed).DefaultIfEmpty().Min():N0} to {json.Choices.Select(static step => step.Mask!.Allowed).DefaultIfEmpty().Max():N0} tokens."),
                .. json.Response.GetConfidence().Values.Where(static value => value.Pointer.Length > 0).Select(Say),
            ],
            Figures =
            [
                new(MaskSizeFigure.Of(json.Trace), "Tokens that the schema allowed at each place; green ones left no choice."),
                new(SchemaMachineFigure.Of(json.Trace, lab.Engine.Model.Vocabulary), "The schema's automaton, with the way that this answer took."),
                new(MaskSizeFigure.Of(grammar.Trace), "The same for the grammar."),
            ],
        };
    }

    private static Finding Say(ValueConfidence value) => value.Alternative is { } other
        ? Finding.Of($"{value.Pointer} is {value.Json} with a probability of {value.Probability:P1}; the strongest alternative begins {other.Beginning} ({other.Probability:P1}).")
        : Finding.Of($"{value.Pointer} is {value.Json} with a probability of {value.Probability:P1}; nothing else was allowed.");
}
