using System.CommandLine;
using System.CommandLine.Invocation;
using LlamaProvider.Tool.Commands;

namespace LlamaProvider.Tool;

/// <summary>The program: reads the command line, runs the command, and says how it went as an exit code.</summary>
internal sealed class ToolApplication(ToolContext context)
{
    private const string Description = """
        Runs GGUF models with LlamaProvider: gets them, shows, converts and measures them, chats with them and serves them.

        Exit codes: 0 success, 1 error, 2 wrong usage, 130 interrupted.
        """;

    // Names of models and texts may begin with '@', which the parser would otherwise take for the name of a file with arguments.
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    public async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        ParseResult commandLine = CreateRoot().Parse(arguments, Parsing);

        // Completion is asked for while the command line is being written, so what is wrong with it then is no error.
        if (commandLine.Action is ParseErrorAction)
        {
            foreach (string message in commandLine.Errors.Select(static error => error.Message))
            {
                await context.Error.WriteLineAsync(message);
            }

            await context.Error.WriteLineAsync("--help lists commands and options.");
            return ExitCodes.WrongUsage;
        }

        // Ctrl+C is the program's own: in a chat it means "stop this answer" and not "end the program".
        return await commandLine.InvokeAsync(new InvocationConfiguration
        {
            Output = context.Output,
            Error = context.Error,
            ProcessTerminationTimeout = null,
            EnableDefaultExceptionHandler = false,
        });
    }

    /// <summary>All commands, in the order of the help.</summary>
    public RootCommand CreateRoot()
    {
        var shared = new SharedOptions();
        var root = new RootCommand(Description) { shared.Cache, shared.Offline, shared.Verbose };
        ToolCommand[] commands =
        [
            new PullCommand(context, shared),
            new ListCommand(context, shared),
            new ShowCommand(context, shared),
            new RemoveCommand(context, shared),
            new ChatCommand(context, shared),
            new ServeCommand(context, shared),
            new BenchCommand(context, shared),
            new PerplexityCommand(context, shared),
            new QuantizeCommand(context, shared),
            new DoctorCommand(context, shared),
        ];
        foreach (ToolCommand command in commands)
        {
            root.Add(command.Create());
        }

        return root;
    }
}
