using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tool.Tests.Chat;

/// <summary>Answers each conversation with what a function says, a part at a time, and writes down what it was asked.</summary>
internal sealed class ScriptedClient(Func<IReadOnlyList<ChatMessage>, IEnumerable<string>> answer) : IChatClient
{
    public List<string[]> Asked { get; } = [];

    /// <summary>Called before each part.</summary>
    public Action<string> OnPart { get; init; } = static _ => { };

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ChatMessage[] conversation = [.. messages];
        Asked.Add([.. conversation.Select(message => $"{message.Role}: {message.Text}")]);
        foreach (string part in answer(conversation))
        {
            OnPart(part);
            await Task.Yield();

            // An interrupt cancels on another thread.
            if (part == "<wait>")
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            cancellationToken.ThrowIfCancellationRequested();
            yield return new ChatResponseUpdate(ChatRole.Assistant, part);
        }
    }

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new InvalidOperationException("The loop streams.");

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
