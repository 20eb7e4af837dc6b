namespace AgentConsole;

/// <summary>A line that the user typed, understood.</summary>
internal abstract record ChatCommand
{
    public sealed record Message(string Text) : ChatCommand;

    public sealed record Help : ChatCommand;

    public sealed record Reset : ChatCommand;

    /// <param name="Text">The new system prompt; <see langword="null"/> to show the present one.</param>
    public sealed record System(string? Text) : ChatCommand;

    /// <param name="Path">Where to; <see langword="null"/> for a name with the time.</param>
    public sealed record Save(string? Path) : ChatCommand;

    public sealed record Load(string? Path) : ChatCommand;

    public sealed record Retry : ChatCommand;

    public sealed record Exit : ChatCommand;

    public sealed record Unknown(string Name) : ChatCommand;

    /// <summary>Commands with their argument and purpose, in the order of the help.</summary>
    public static IReadOnlyList<(string Usage, string Purpose)> Usages { get; } =
    [
        ("/help", "list the commands"),
        ("/reset", "forget the conversation"),
        ("/system [TEXT]", "show the system prompt, or set it; - removes it"),
        ("/save [FILE]", "save the conversation as .md or .json"),
        ("/load FILE", "continue a conversation saved as .json"),
        ("/retry", "ask the last question again"),
        ("/exit", "leave, as Ctrl+D does"),
    ];

    /// <summary>Reads a line that is not blank. Lines that begin with a slash are commands; two slashes stand for a message with one.</summary>
    public static ChatCommand Parse(string line)
    {
        string text = line.Trim();
        if (!text.StartsWith('/'))
        {
            return new Message(text);
        }

        if (text.StartsWith("//", StringComparison.Ordinal))
        {
            return new Message(text[1..]);
        }

        int end = text.AsSpan().IndexOfAny(" \t\n");
        string name = end < 0 ? text : text[..end];
        string? argument = end < 0 ? null : text[end..].TrimStart();
        return name.ToLowerInvariant() switch
        {
            "/help" => new Help(),
            "/reset" => new Reset(),
            "/system" => new System(argument),
            "/save" => new Save(argument),
            "/load" => new Load(argument),
            "/retry" => new Retry(),
            "/exit" or "/quit" => new Exit(),
            _ => new Unknown(name),
        };
    }
}
