using System.CommandLine;
using AgentConsole;

ParseResult commandLine = CommandLine.Parse(args, options => new ConsoleApplication(options).RunAsync());
if (commandLine.Errors.Count > 0)
{
    foreach (string message in commandLine.Errors.Select(error => error.Message))
    {
        Console.Error.WriteLine(message);
    }

    Console.Error.WriteLine("--help lists the options.");
    return ExitCodes.WrongUsage;
}

// The application handles Ctrl+C itself: it may mean "stop this answer" and not "end the program".
return await commandLine.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
