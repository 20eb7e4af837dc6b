using AgentConsole.Input;

namespace AgentConsole;

/// <summary>The conversation with the user: reads a line, does what it says, until the user leaves.</summary>
internal sealed class ChatLoop(ILineReader input, ChatView view, ChatSession session, FileCommands files)
{
    public async Task RunAsync()
    {
        bool leaving = false;
        while (true)
        {
            switch (input.Read())
            {
                case PromptInput.End:
                case PromptInput.Interrupted { WasEmpty: true } when leaving:
                    return;
                case PromptInput.Interrupted { WasEmpty: true }:
                    view.Note("Ctrl+C again leaves, as Ctrl+D does.");
                    leaving = true;
                    break;
                case PromptInput.Line { Text: var text } when !string.IsNullOrWhiteSpace(text):
                    leaving = false;
                    ChatCommand command = ChatCommand.Parse(text);
                    if (command is ChatCommand.Exit)
                    {
                        return;
                    }

                    await ExecuteAsync(command);
                    break;
                default:
                    leaving = false;
                    break;
            }
        }
    }

    private async Task ExecuteAsync(ChatCommand command)
    {
        switch (command)
        {
            case ChatCommand.Message(var text):
                await session.AskAsync(text);
                break;
            case ChatCommand.Retry:
                await session.RetryAsync();
                break;
            case ChatCommand.Reset:
                session.Conversation = session.Conversation.Reset();
                view.Note(session.Conversation.Unanswered is null ? "Forgotten." : "Forgotten, but for your last message: /retry asks it again.");
                break;
            case ChatCommand.System(var prompt):
                SetSystem(prompt);
                break;
            case ChatCommand.Save(var name):
                files.Save(name);
                break;
            case ChatCommand.Load(var name):
                files.Load(name);
                break;
            case ChatCommand.Unknown(var name):
                view.Error($"There is no command {name}.");
                view.Help();
                break;
            default:
                view.Help();
                break;
        }
    }

    private void SetSystem(string? prompt)
    {
        if (prompt is null)
        {
            view.Text(session.Conversation.System ?? "No system prompt. /system TEXT sets one.");
            return;
        }

        session.Conversation = session.Conversation with { System = prompt == "-" ? null : prompt };
        view.Note(prompt == "-" ? "System prompt removed." : "System prompt set, from the next answer on.");
    }
}
