using AgentConsole.Input;

namespace AgentConsole.Tools;

/// <summary>Asks the user whether a tool may be called.</summary>
internal sealed class Approval(ChatView view, ILineReader input)
{
    private readonly HashSet<string> _always = new(StringComparer.Ordinal);

    /// <summary>Whether the call of a tool, which was just shown, may be made. Everything but a clear yes is a no.</summary>
    public ValueTask<bool> AskAsync(string tool, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_always.Contains(tool))
        {
            return ValueTask.FromResult(true);
        }

        view.Note($"May {tool} be called? y = yes, a = always, anything else = no");
        string answer = input.Read() is PromptInput.Line { Text: var text } ? text.Trim() : "";
        if (answer.Equals("a", StringComparison.OrdinalIgnoreCase))
        {
            _always.Add(tool);
            return ValueTask.FromResult(true);
        }

        return ValueTask.FromResult(answer.Equals("y", StringComparison.OrdinalIgnoreCase) || answer.Equals("yes", StringComparison.OrdinalIgnoreCase));
    }
}
