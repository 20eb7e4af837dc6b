using System.CommandLine;
using DecodingLab;

ParseResult commandLine = CommandLine.Parse(args, command => new LabApplication(command).RunAsync());
if (commandLine.Errors.Count > 0)
{
    foreach (string message in commandLine.Errors.Select(error => error.Message))
    {
        Console.Error.WriteLine(message);
    }

    Console.Error.WriteLine("--help lists the options.");
    return ExitCodes.WrongUsage;
}

return await commandLine.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
