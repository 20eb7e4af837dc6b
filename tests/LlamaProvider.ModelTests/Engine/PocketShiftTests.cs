using LlamaProvider.Chat;
using LlamaProvider.Options;
using LlamaProvider.TestSupport;
using Microsoft.Extensions.AI;

namespace LlamaProvider.ModelTests.Engine;

/// <summary>Answers that outgrow the context, on a real model. The Debug build checks the engine's invariants after every step.</summary>
public sealed class PocketShiftTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Shift_AnswerOutgrowsTheContext_GoesOnAndTheEngineStaysUsable(bool pinned)
    {
        const string System = "You are a careful assistant that answers in one sentence.";
        var engineOptions = new LlamaEngineOptions { ModelPath = TestFiles.PocketChat, Threads = 1, ContextLength = 96, Sequences = 3, PrefixCacheSequences = 2 };
        if (pinned)
        {
            engineOptions.PinnedPrompts.Add(System);
        }

        await using LlamaEngine engine = await LlamaEngine.LoadAsync(engineOptions);
        using LlamaChatClient client = engine.CreateChatClient();
        ChatMessage[] messages = [new(ChatRole.System, System), new(ChatRole.User, "Tell me a story.")];
        var options = new ChatOptions { MaxOutputTokens = 400, Temperature = 0 };
        options.UseContextOverflow(ContextOverflow.Shift).UseSamplers(samplers => samplers.LogitBias(
            engine.Model.Vocabulary.EndOfGeneration.ToDictionary(token => token, _ => double.NegativeInfinity)).Greedy());

        ChatResponse[] together = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => client.GetResponseAsync(messages, options)));

        Assert.All(together, response => Assert.Equal((400, ChatFinishReason.Length), (response.Usage!.OutputTokenCount, response.FinishReason)));
        Assert.Equal("The capital of France is Paris.", (await client.GetResponseAsync("What is the capital of France?", new ChatOptions { Temperature = 0 })).Text);
    }
}
