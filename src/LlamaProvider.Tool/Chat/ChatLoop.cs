using LlamaProvider.Decoding;
using LlamaProvider.Tool.Output;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tool.Chat;

/// <summary>A conversation: reads a line, prints the answer as it grows, until the input ends. Ctrl+C stops the answer and keeps what there is of it.</summary>
internal sealed class ChatLoop(IChatClient client, ChatOptions options, string? system, ToolContext context)
{
    private readonly List<ChatMessage> _messages = [];

    public async Task<int> RunAsync()
    {
        Forget();
        Note("Ctrl+C stops an answer; /reset forgets the conversation; /exit or Ctrl+D leaves.");
        bool failed = false;
        while (Read() is { } line)
        {
            switch (line.Trim())
            {
                case "":
                    break;
                case "/exit" or "/quit":
                    return ExitCodes.Success;
                case "/reset":
                    Forget();
                    Note("Forgotten.");
                    break;
                default:
                    failed |= !await TryAskAsync(line);
                    break;
            }
        }

        // A person has seen the error and gone on; a program would not know.
        return failed && !context.InputIsTerminal ? ExitCodes.Failure : ExitCodes.Success;
    }

    /// <summary>One question, and how its answer ended.</summary>
    public async Task<int> AskOnceAsync(string question)
    {
        Forget();
        return await AskAsync(question) ? ExitCodes.Success : ExitCodes.Interrupted;
    }

    private async Task<bool> TryAskAsync(string question)
    {
        int before = _messages.Count;
        try
        {
            await AskAsync(question);
            return true;
        }
        catch (LlamaException error)
        {
            _messages.RemoveRange(before, _messages.Count - before);
            await context.Error.WriteLineAsync(error.Message);
            return false;
        }
    }

    /// <returns>Whether the answer was not stopped.</returns>
    private async Task<bool> AskAsync(string question)
    {
        _messages.Add(new ChatMessage(ChatRole.User, question));
        var answer = new System.Text.StringBuilder();
        bool stopped = await context.Interrupts.RunAsync(token => StreamAsync(answer, token));
        if (answer.Length == 0 || answer[^1] != '\n')
        {
            await context.Output.WriteLineAsync();
        }

        _messages.Add(new ChatMessage(ChatRole.Assistant, answer.ToString()));
        return !stopped;
    }

    private async Task<bool> StreamAsync(System.Text.StringBuilder answer, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync(_messages, options, cancellationToken))
            {
                answer.Append(update.Text);
                await context.Output.WriteAsync(context.OutputIsTerminal ? TerminalText.Clean(update.Text) : update.Text);
                await context.Output.FlushAsync(CancellationToken.None);
            }

            return false;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return true;
        }
    }

    private void Forget()
    {
        _messages.Clear();
        if (system is not null)
        {
            _messages.Add(new ChatMessage(ChatRole.System, system));
        }
    }

    private string? Read()
    {
        if (context.InputIsTerminal)
        {
            context.Output.Write("> ");
            context.Output.Flush();
        }

        return context.Input.ReadLine();
    }

    private void Note(string text)
    {
        if (context.InputIsTerminal)
        {
            context.Output.WriteLine(text);
        }
    }
}
