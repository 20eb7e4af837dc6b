using System.CommandLine;
using System.Text.Json;
using AgentConsole.Tools;
using LlamaProvider.Decoding.Sampling;

namespace AgentConsole;

/// <summary>The options of the program, and how they become <see cref="ConsoleOptions"/>.</summary>
internal static class CommandLine
{
    private const string Description = """
        Chat with a local GGUF model. Without options: a conversation with the small model that ships with this sample.

        With --tools or --mcp the model may call tools; calls and results are shown.

        With --prompt, or with text piped into it, the program prints one answer and ends; text from a pipe follows the prompt after a blank line.

        Exit codes: 0 success, 1 error, 2 wrong usage, 130 interrupted.
        """;

    // Texts of a prompt may begin with '@', which the parser would otherwise take for the name of a file with arguments.
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    public static ParseResult Parse(IReadOnlyList<string> arguments, Func<ConsoleOptions, Task<int>> run)
    {
        var model = new Option<string>("--model", "-m") { HelpName = "PATH", Description = "GGUF file to run; hf:OWNER/REPO/FILE.gguf or an address is downloaded once. Default: the model that ships with this sample." };
        var prompt = new Option<string>("--prompt", "-p") { HelpName = "TEXT", Description = "Answer this and end." };
        var system = new Option<string>("--system") { HelpName = "TEXT", Description = "What the model should be or do, before the conversation." };
        Option<int?> maxTokens = NumberOption.Create<int>("--max-tokens", "N", "Longest answer, in tokens. Default: what the context holds.", "a whole number, 1 or more", n => n >= 1);
        Option<float?> temperature = NumberOption.Create<float>(
            "--temperature", "X", "0 takes the most probable word; higher is more varied. Default: the model's own, else 0.8.", "a number, 0 or more", x => x >= 0 && float.IsFinite(x));
        Option<SamplerPipeline?> samplers = Samplers("--samplers");
        Option<long?> seed = NumberOption.Create<long>("--seed", "N", "Makes answers repeatable.", "a whole number", _ => true);
        Option<int?> context = NumberOption.Create<int>(
            "--context", "N", "Tokens that the conversation may have. Default: what the model was trained with, at most 8192.", "a whole number, 1 or more", n => n >= 1);
        Option<int?> threads = NumberOption.Create<int>("--threads", "N", "Threads to compute with. Default: 1 for the model of this sample, else the physical cores.", "a whole number from 1 to 512", n => n is >= 1 and <= 512);
        Option<string[]> tools = Tools("--tools");
        var folder = new Option<string>("--folder") { HelpName = "PATH", Description = "The folder that the tool 'files' looks into. Default: the current one." };
        var mcp = new Option<string[]>("--mcp") { HelpName = "COMMAND", Description = "Command line of an MCP server whose tools the model may call. May be given several times." };
        var approve = new Option<ApprovalRule>("--approve") { HelpName = "all|mcp|none", Description = "Which calls wait for your approval. Default: mcp, those of MCP servers." };
        Option<JsonElement?> schema = Schema("--schema");
        var verbose = new Option<bool>("--verbose") { Description = "Logs, and errors with stack traces, on standard error." };

        var command = new RootCommand(Description) { model, prompt, system, maxTokens, temperature, samplers, seed, context, threads, tools, folder, mcp, approve, schema, verbose };
        command.Validators.Add(result =>
        {
            if (result.GetResult(temperature) is not null && result.GetResult(samplers) is not null)
            {
                result.AddError("--temperature and --samplers are both given, but the samplers have the temperature. Leave one out.");
            }
        });
        command.SetAction(result => run(new ConsoleOptions
        {
            ModelPath = result.GetValue(model) ?? ConsoleOptions.DefaultModelPath,
            Prompt = result.GetValue(prompt),
            System = result.GetValue(system),
            MaxTokens = result.GetValue(maxTokens),
            Temperature = result.GetValue(temperature),
            Samplers = result.GetValue(samplers),
            Seed = result.GetValue(seed),
            ContextLength = result.GetValue(context),
            Threads = result.GetValue(threads),
            Tools = result.GetValue(tools) is { Length: > 0 } names ? names : [],
            Folder = result.GetValue(folder) ?? ".",
            McpCommands = result.GetValue(mcp) is { Length: > 0 } commands ? commands : [],
            Approval = result.GetValue(approve),
            Schema = result.GetValue(schema),
            Verbose = result.GetValue(verbose),
        }));
        return command.Parse(arguments, Parsing);
    }

    /// <summary>A preset by name, or a pipeline in JSON.</summary>
    private static Option<SamplerPipeline?> Samplers(string name) => new(name)
    {
        HelpName = "NAME|JSON",
        Description = "How words are chosen: deterministic, balanced, creative, or stages in JSON such as '[{\"type\":\"min_p\",\"min_p\":0.1}]'.",
        CustomParser = argument =>
        {
            string text = argument.Tokens[0].Value;
            try
            {
                return text.ToLowerInvariant() switch
                {
                    "deterministic" => SamplerPipeline.Deterministic,
                    "balanced" => SamplerPipeline.Balanced,
                    "creative" => SamplerPipeline.Creative,
                    _ => SamplerPipeline.FromJson(JsonElement.Parse(text)),
                };
            }
            catch (JsonException)
            {
                argument.AddError($"{name} is '{text}', but must be deterministic, balanced, creative, or a pipeline in JSON.");
            }
            catch (InvalidSamplerException error)
            {
                argument.AddError($"{name}: {error.Message}");
            }

            return null;
        },
    };

    /// <summary>Names of tools, with commas between them.</summary>
    private static Option<string[]> Tools(string name) => new(name)
    {
        HelpName = "NAMES",
        Description = $"Tools that the model may call, with commas between them: {string.Join(", ", ToolSet.Names)}.",
        CustomParser = argument =>
        {
            string text = argument.Tokens[0].Value;
            string[] names = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            if (names.Length == 0 || names.FirstOrDefault(static tool => !ToolSet.Names.Contains(tool)) is not null)
            {
                argument.AddError($"{name} is '{text}', but must be some of {string.Join(", ", ToolSet.Names)}, with commas between them.");
            }

            return names;
        },
    };

    /// <summary>A file with a JSON schema, or the schema itself.</summary>
    private static Option<JsonElement?> Schema(string name) => new(name)
    {
        HelpName = "FILE|JSON",
        Description = "Every answer is JSON that fits this JSON schema.",
        CustomParser = argument =>
        {
            string text = argument.Tokens[0].Value;
            try
            {
                return JsonElement.Parse(text.TrimStart().StartsWith('{') ? text : File.ReadAllText(text));
            }
            catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
            {
                argument.AddError($"{name} is '{text}', but must be a file with a JSON schema, or the schema itself: {error.Message}");
                return null;
            }
        },
    };
}
