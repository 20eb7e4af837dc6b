namespace AgentConsole.Input;

/// <summary>What the user did at the prompt.</summary>
internal abstract record PromptInput
{
    public sealed record Line(string Text) : PromptInput;

    /// <summary>Ctrl+C.</summary>
    /// <param name="WasEmpty">Whether nothing had been typed.</param>
    public sealed record Interrupted(bool WasEmpty) : PromptInput;

    /// <summary>Ctrl+D, or the end of a file.</summary>
    public sealed record End : PromptInput;
}

/// <summary>Shows the prompt and reads what the user says.</summary>
internal interface ILineReader
{
    PromptInput Read();
}
