using Microsoft.Extensions.AI;

namespace AgentConsole;

/// <summary>One prompt, one answer on standard output and nothing else there, so that programs can use it.</summary>
internal sealed class OneShot(IChatClient client, ChatOptions options, AnswerPrinter printer, TextWriter errors, TimeProvider time)
{
    public async Task<int> RunAsync(Conversation conversation, CancellationToken cancellationToken)
    {
        Answer answer = await new AnswerReader(client, time).ReadAsync(conversation.ToMessages(), options, printer, errors.WriteLine, showWaiting: null, cancellationToken);
        if (answer.FinishReason == ChatFinishReason.Length && options.MaxOutputTokens is null)
        {
            await errors.WriteLineAsync("The answer is cut off: the context is full. A larger --context gives more room.");
        }

        return answer.Stopped ? ExitCodes.Interrupted : ExitCodes.Success;
    }
}
