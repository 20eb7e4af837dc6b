using LlamaProvider.Chat;
using LlamaProvider.TestSupport;
using Microsoft.Extensions.AI;

namespace LlamaProvider.ModelTests.Engine;

/// <summary>Evicted prefixes in host memory, on a real model.</summary>
public sealed class PocketSpillTests
{
    [Fact]
    public async Task PrefixSpillBytes_MoreConversationsThanTheContextHolds_GoOnWithoutEvaluatingAgain()
    {
        await using LlamaEngine engine = await LlamaEngine.LoadAsync(new LlamaEngineOptions
        {
            ModelPath = TestFiles.PocketChat, Threads = 1, ContextLength = 160, Sequences = 2, PrefixCacheSequences = 1, PrefixSpillBytes = 4 << 20,
        });
        await using LlamaEngine without = await LlamaEngine.LoadAsync(new LlamaEngineOptions
        {
            ModelPath = TestFiles.PocketChat, Threads = 1, ContextLength = 160, Sequences = 2, PrefixCacheSequences = 0,
        });
        using LlamaChatClient client = engine.CreateChatClient();
        using LlamaChatClient reference = without.CreateChatClient();
        string[] names = ["Kate", "Anna", "Tom"];
        for (int round = 0; round < 2; round++)
        {
            foreach (string name in names)
            {
                ChatMessage[] messages =
                [
                    new(ChatRole.System, "You are a careful assistant that answers in one sentence."),
                    new(ChatRole.User, $"My name is {name}. I like green tea, long walks, old books, quiet music and bright winter mornings."),
                    new(ChatRole.Assistant, $"Nice to meet you, {name}!"),
                    new(ChatRole.User, "What is my name?"),
                ];
                ChatResponse response = await client.GetResponseAsync(messages, new ChatOptions { Temperature = 0 });

                Assert.Equal((await reference.GetResponseAsync(messages, new ChatOptions { Temperature = 0 })).Text, response.Text);
                Assert.Equal(round == 1, response.Usage!.CachedInputTokenCount > response.Usage.InputTokenCount / 2);
            }
        }

        EngineSnapshot snapshot = engine.GetSnapshot();
        Assert.Equal(3, snapshot.RestoredPrefixes);
        Assert.InRange(snapshot.SpilledBytes, 1, 4 << 20);
        Assert.InRange(snapshot.SpilledPrefixes, 2, 3);
    }
}
