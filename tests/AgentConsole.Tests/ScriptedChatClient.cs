using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace AgentConsole.Tests;

/// <summary>A client that says what the test wrote, one script an answer, and remembers what it was asked.</summary>
internal sealed class ScriptedChatClient(params ScriptedAnswer[] answers) : IChatClient
{
    private readonly Queue<ScriptedAnswer> _answers = new(answers);

    /// <summary>The messages of each request, as "role: text".</summary>
    public List<string[]> Requests { get; } = [];

    /// <summary>The messages of the last request.</summary>
    public IReadOnlyList<ChatMessage> LastMessages { get; private set; } = [];

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        LastMessages = [.. messages];
        Requests.Add([.. messages.Select(message => $"{message.Role}: {message.Text}")]);
        ScriptedAnswer answer = _answers.Dequeue();
        foreach (string part in answer.Parts)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            yield return new ChatResponseUpdate(ChatRole.Assistant, part);
        }

        if (answer.Calls.Count > 0)
        {
            yield return new ChatResponseUpdate(ChatRole.Assistant, [.. answer.Calls]);
        }

        answer.AfterParts?.Invoke();
        if (answer.Error is not null)
        {
            throw answer.Error;
        }

        if (answer.WaitsToBeStopped)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        yield return new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(new UsageDetails { OutputTokenCount = answer.Parts.Count })])
        {
            FinishReason = answer.FinishReason,
        };
    }

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new InvalidOperationException("The console shows answers as they are generated.");

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}

/// <summary>One answer of the script, and what happens after its text.</summary>
internal sealed record ScriptedAnswer(IReadOnlyList<string> Parts)
{
    /// <summary>Calls of tools after the text.</summary>
    public IReadOnlyList<FunctionCallContent> Calls { get; init; } = [];

    public ChatFinishReason FinishReason { get; init; } = ChatFinishReason.Stop;

    public Exception? Error { get; init; }

    public Action? AfterParts { get; init; }

    public bool WaitsToBeStopped { get; init; }

    public static ScriptedAnswer Of(params string[] parts) => new(parts);
}
