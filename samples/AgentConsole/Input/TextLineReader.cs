using Spectre.Console;

namespace AgentConsole.Input;

/// <summary>Reads lines as the system delivers them, where the terminal is none that <see cref="LineEditor"/> could draw on.</summary>
internal sealed class TextLineReader(IAnsiConsole console, TextReader input) : ILineReader
{
    public PromptInput Read()
    {
        console.Write("> ");
        if (input.ReadLine() is { } line)
        {
            return new PromptInput.Line(line);
        }

        console.WriteLine();
        return new PromptInput.End();
    }
}
