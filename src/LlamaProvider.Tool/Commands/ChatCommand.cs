using System.CommandLine;
using LlamaProvider.Options;
using LlamaProvider.Tool.Chat;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tool.Commands;

/// <summary><c>chat</c>: a conversation in the console, or one answer.</summary>
internal sealed class ChatCommand(ToolContext context, SharedOptions shared) : ToolCommand(context, shared)
{
    public override Command Create()
    {
        Argument<string> model = RunnableModel();
        var prompt = new Option<string>("--prompt") { HelpName = "TEXT", Description = "Answer this and end." };
        var system = new Option<string>("--system") { HelpName = "TEXT", Description = "What the model should be or do, before the conversation." };
        var maxTokens = NumberOption.Create<int>("--max-tokens", "N", "Longest answer, in tokens. Default: what the context holds.", "a whole number, 1 or more", static n => n >= 1);
        var temperature = NumberOption.Create<float>("--temperature", "X", "0 takes the most probable word; higher is more varied. Default: the model's own, else 0.8.", "a number, 0 or more", static x => x >= 0 && float.IsFinite(x));
        var seed = NumberOption.Create<long>("--seed", "N", "Makes answers repeatable.", "a whole number", static _ => true);
        Option<int?> contextLength = SharedOptions.Context();
        Option<int?> threads = SharedOptions.Threads();
        var command = new Command("chat", "Chats with a model. Of a conversation longer than the context, the oldest turns are forgotten.") { model, prompt, system, maxTokens, temperature, seed, contextLength, threads };
        OnRun(command, (result, run) => ChatAsync(
            run,
            result.GetRequiredValue(model),
            new LlamaEngineOptions { ContextLength = result.GetValue(contextLength), Sequences = 1, Threads = result.GetValue(threads) },
            new ChatOptions { MaxOutputTokens = result.GetValue(maxTokens), Temperature = result.GetValue(temperature), Seed = result.GetValue(seed) }.UseContextOverflow(ContextOverflow.TruncateOldest),
            result.GetValue(system),
            result.GetValue(prompt)));
        return command;
    }

    private static async Task<int> ChatAsync(CommandRun run, string model, LlamaEngineOptions engineOptions, ChatOptions options, string? system, string? prompt)
    {
        await using LlamaEngine engine = await run.Context.Interrupts.RunAsync(token => run.LoadAsync(model, engineOptions, token));
        using IChatClient client = engine.CreateChatClient();
        var loop = new ChatLoop(client, options, system, run.Context);
        return prompt is null ? await loop.RunAsync() : await loop.AskOnceAsync(prompt);
    }
}
