using System.CommandLine;
using System.Text.Json;
using DecodingLab.Chapters;
using DecodingLab.Traces;

namespace DecodingLab;

/// <summary>The commands and options of the program, and how they become a <see cref="LabCommand"/>.</summary>
internal sealed class CommandLine
{
    private const string Description = """
        Shows what decoding techniques do, on a real run of a local model: without a command a tour of all chapters, explained in the terminal, with an HTML report that works offline.

        Exit codes: 0 success, 1 error, 2 wrong usage, 130 interrupted.
        """;

    // Texts of a prompt may begin with '@', which the parser would otherwise take for the name of a file with arguments.
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    private readonly Option<string> _model = new("--model", "-m") { HelpName = "PATH", Description = "GGUF file to run. Default: the model that ships with this sample.", Recursive = true };
    private readonly Option<string> _draft = new("--draft") { HelpName = "PATH", Description = "A smaller model with the same tokens, for drafts. Default: the default model's own.", Recursive = true };
    private readonly Option<string> _prompt = new("--prompt", "-p") { HelpName = "TEXT", Description = "Asked in every chapter instead of its own prompt.", Recursive = true };
    private readonly Option<JsonElement?> _schema = SchemaOption();
    private readonly Option<string> _output = new("--output", "-o") { HelpName = "DIR", Description = "Where report and traces go. Default: decoding-lab.", Recursive = true };
    private readonly Option<bool> _measure = new("--measure") { Description = "Also measure times and throughput, in alternating rounds; takes minutes.", Recursive = true };
    private readonly Option<bool> _quick = new("--quick") { Description = "Shorter measurements: fewer rounds and questions." };
    private readonly Option<string> _json = new("--json") { HelpName = "FILE", Description = "Writes what was measured there, in the form that all benchmarks share." };
    private readonly Option<long?> _seed = SeedOption();

    public static ParseResult Parse(IReadOnlyList<string> arguments, Func<LabCommand, Task<int>> run) => new CommandLine().Root(run).Parse(arguments, Parsing);

    private RootCommand Root(Func<LabCommand, Task<int>> run)
    {
        var root = new RootCommand(Description) { _model, _draft, _prompt, _schema, _output, _measure, _quick, _json, _seed };
        RequireMeasure(root);
        root.SetAction(result => run(new LabCommand.Tour(Options(result), Chapter: null)));
        foreach (IChapter chapter in ChapterList.All)
        {
            var command = new Command(chapter.Name, $"The chapter '{chapter.Title}' alone.") { _quick, _json };
            RequireMeasure(command);
            command.SetAction(result => run(new LabCommand.Tour(Options(result), chapter.Name)));
            root.Subcommands.Add(command);
        }

        root.Subcommands.Add(CompareCommand(run));
        root.Subcommands.Add(ExplainCommand(run));
        root.Subcommands.Add(CalibrateCommand(run));
        return root;
    }

    private Command CompareCommand(Func<LabCommand, Task<int>> run)
    {
        var left = new Argument<string>("LEFT") { Description = "Options as JSON, such as '{\"temperature\":0}' or '{\"llama.beam_search\":4}', or a file with them." };
        var right = new Argument<string>("RIGHT") { Description = "The other options." };
        var command = new Command("compare", "Two sets of options side by side on one prompt, with the words that differ.") { left, right };
        command.SetAction(result => run(new LabCommand.Compare(Options(result), result.GetValue(left)!, result.GetValue(right)!)));
        return command;
    }

    private Command ExplainCommand(Func<LabCommand, Task<int>> run)
    {
        var file = new Argument<string>("FILE") { Description = "A trace as AnswerTrace.ToJson writes it; the tour leaves some in its output folder." };
        var figure = new Option<string>("--figure") { HelpName = "NAME", Description = $"Draw this figure alone: {string.Join(", ", TraceFigures.Names)}." };
        Option<int?> position = NumberOption("--position", "The token that figures of one token show, from 0. Default: 0.", "a whole number, 0 or more", least: 0);
        var command = new Command("explain", "Explains a saved trace step by step and draws its figures. Needs no model.") { file, figure, position };
        command.Validators.Add(result =>
        {
            if (result.GetValue(figure) is { } name && !TraceFigures.Names.Contains(name))
            {
                result.AddError($"--figure is '{name}', but must be one of {string.Join(", ", TraceFigures.Names)}.");
            }
        });
        command.SetAction(result => run(new LabCommand.Explain(Options(result), result.GetValue(file)!, result.GetValue(figure), result.GetValue(position) ?? 0)));
        return command;
    }

    private Command CalibrateCommand(Func<LabCommand, Task<int>> run)
    {
        Option<int?> questions = NumberOption("--questions", "Questions to ask, of a task that the embedded model was trained on. Default: 400, with --quick 100.", "a whole number, 1 or more", least: 1);
        var command = new Command("calibrate", "Measures whether the confidence in values of JSON answers comes true.") { questions, _quick, _json };
        command.SetAction(result => run(new LabCommand.Calibrate(Options(result), result.GetValue(questions) ?? (result.GetValue(_quick) ? 100 : 400))));
        return command;
    }

    /// <summary>Refuses options about measurements where nothing is measured.</summary>
    private void RequireMeasure(Command command) => command.Validators.Add(result =>
    {
        string? given = result.GetResult(_json) is not null ? _json.Name : result.GetValue(_quick) ? _quick.Name : null;
        if (given is not null && !result.GetValue(_measure))
        {
            result.AddError($"{given} is given without --measure, so nothing would be measured. Add --measure, or leave {given} out.");
        }
    });

    private LabOptions Options(ParseResult result) => new()
    {
        ModelPath = result.GetValue(_model) ?? LabOptions.DefaultModelPath,
        DraftPath = result.GetValue(_draft),
        Prompt = result.GetValue(_prompt),
        Schema = result.GetValue(_schema),
        Output = result.GetValue(_output) ?? "decoding-lab",
        Measure = result.GetValue(_measure),
        Quick = result.GetValue(_quick),
        Json = result.GetValue(_json),
        Seed = result.GetValue(_seed) ?? 7,
    };

    /// <summary>A file with a JSON schema, or the schema itself.</summary>
    private static Option<JsonElement?> SchemaOption() => new("--schema")
    {
        HelpName = "FILE|JSON",
        Description = "The JSON schema of the chapter on structure.",
        Recursive = true,
        CustomParser = argument =>
        {
            string text = argument.Tokens[0].Value;
            try
            {
                return JsonElement.Parse(text.TrimStart().StartsWith('{') ? text : File.ReadAllText(text));
            }
            catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
            {
                argument.AddError($"--schema is '{text}', but must be a file with a JSON schema, or the schema itself: {error.Message}");
                return null;
            }
        },
    };

    private static Option<long?> SeedOption() => new("--seed")
    {
        HelpName = "N",
        Description = "Of all draws. Default: 7.",
        Recursive = true,
        CustomParser = argument =>
        {
            string text = argument.Tokens[0].Value;
            if (long.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out long value))
            {
                return value;
            }

            argument.AddError($"--seed is '{text}', but must be a whole number.");
            return null;
        },
    };

    private static Option<int?> NumberOption(string name, string description, string rule, int least) => new(name)
    {
        HelpName = "N",
        Description = description,
        CustomParser = argument =>
        {
            string text = argument.Tokens[0].Value;
            if (int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out int value) && value >= least)
            {
                return value;
            }

            argument.AddError($"{name} is '{text}', but must be {rule}.");
            return null;
        },
    };
}
