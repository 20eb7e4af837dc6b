namespace AgentConsole;

/// <summary>Saves and loads the session's conversation.</summary>
internal sealed class FileCommands(ChatSession session, ChatView view, string modelName, TimeProvider time)
{
    // Files of this session may be overwritten: saving again is not losing.
    private readonly HashSet<string> _ownPaths = new(StringComparer.Ordinal);

    public void Save(string? name) => Report(() =>
    {
        DateTimeOffset now = time.GetLocalNow();
        string path = ConversationFile.Resolve(name ?? ConversationFile.DefaultName(now));
        ConversationFile.Save(path, session.Conversation, modelName, now, overwrite: _ownPaths.Contains(path));
        _ownPaths.Add(path);
        return $"Saved to {path}";
    });

    public void Load(string? name) => Report(() =>
    {
        if (name is null)
        {
            return "/load needs the name of a .json file that /save wrote.";
        }

        string path = ConversationFile.Resolve(name);
        session.Conversation = ConversationFile.Load(path);
        _ownPaths.Add(path);
        return session.Conversation.Unanswered is null
            ? $"{session.Conversation.Turns.Length} answered messages. Go on."
            : $"{session.Conversation.Turns.Length} answered messages and one without answer: /retry asks it.";
    });

    private void Report(Func<string> action)
    {
        try
        {
            view.Note(action());
        }
        catch (ConversationFileException error)
        {
            view.Error(error.Message);
        }
    }
}
