namespace AgentConsole;

/// <summary>Where the prompt of a single answer comes from.</summary>
internal static class PromptSource
{
    /// <summary>The prompt: the option's text, then what was piped in, with a blank line between them.</summary>
    /// <param name="option">The text of <c>--prompt</c>.</param>
    /// <param name="pipe">Standard input when it is not a terminal. Read to its end.</param>
    /// <returns><see langword="null"/> when neither is there, so that a conversation is meant; empty when both are blank.</returns>
    public static string? Read(string? option, TextReader? pipe)
    {
        if (option is null && pipe is null)
        {
            return null;
        }

        IEnumerable<string> parts = new[] { option, pipe?.ReadToEnd().TrimEnd('\r', '\n') }.OfType<string>().Where(part => !string.IsNullOrWhiteSpace(part));
        return string.Join("\n\n", parts);
    }
}
