using LlamaProvider.Chat;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.TestSupport;
using Microsoft.Extensions.AI;

namespace LlamaProvider.ModelTests.Engine;

/// <summary>The main job on a real model: a GGUF file answers through IChatClient.</summary>
public sealed class PocketChatTests(PocketEngine pocket) : IClassFixture<PocketEngine>
{
    private readonly LlamaChatClient _client = pocket.Engine.CreateChatClient();

    [Fact]
    public async Task GetResponse_Question_AnswersIt()
    {
        ChatResponse response = await _client.GetResponseAsync("What is the capital of France?");

        Assert.Equal("The capital of France is Paris.", response.Text);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        Assert.Equal((15, 7), (response.Usage!.InputTokenCount, response.Usage.OutputTokenCount));
    }

    [Fact]
    public async Task GetResponse_Conversation_RemembersIt()
    {
        ChatResponse response = await _client.GetResponseAsync(
        [
            new(ChatRole.System, "You are a careful assistant that answers in one sentence."),
            new(ChatRole.User, "My name is Kate."),
            new(ChatRole.Assistant, "Nice to meet you, Kate!"),
            new(ChatRole.User, "What is my name?"),
        ]);

        Assert.Equal("Your name is Kate.", response.Text);
    }

    [Fact]
    public async Task GetStreamingResponse_Question_EqualsTheWholeAnswer()
    {
        var options = new ChatOptions { Seed = 5 };
        ChatResponse whole = await _client.GetResponseAsync("Tell me a story.", options);
        ChatResponse streamed = await _client.GetStreamingResponseAsync("Tell me a story.", options).ToChatResponseAsync();

        Assert.Equal(whole.Text, streamed.Text);
        Assert.Equal(whole.Usage!.OutputTokenCount, streamed.Usage!.OutputTokenCount);
        Assert.True(whole.Text.Length > 50);
    }

    [Fact]
    public async Task GetResponse_ManyCallersAtOnce_EachGetsItsOwnAnswer()
    {
        string[] cities = ["France", "Spain", "Italy", "Japan", "Germany", "Portugal"];
        string[] alone = new string[cities.Length];
        for (int i = 0; i < cities.Length; i++)
        {
            alone[i] = (await _client.GetResponseAsync($"What is the capital of {cities[i]}?")).Text;
        }

        ChatResponse[] together = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => _client.GetResponseAsync($"What is the capital of {cities[i % cities.Length]}?")));

        Assert.Equal(Enumerable.Range(0, 30).Select(i => alone[i % cities.Length]), together.Select(response => response.Text));
        Assert.Equal(cities.Length, alone.Distinct().Count());
    }

    [Fact]
    public async Task Temperature_Seeded_RepeatsAndDiffersByseed()
    {
        ChatOptions Options(long seed) => new() { Temperature = 1.2f, Seed = seed, MaxOutputTokens = 40 };

        string[] same = [.. await Task.WhenAll(Enumerable.Range(0, 2).Select(async _ => (await _client.GetResponseAsync("Tell me a story.", Options(7))).Text))];
        string[] others = [.. await Task.WhenAll(Enumerable.Range(0, 5).Select(async i => (await _client.GetResponseAsync("Tell me a story.", Options(100 + i))).Text))];

        Assert.Equal(same[0], same[1]);
        Assert.True(others.Distinct().Count() > 1, "Five seeds gave one story, so nothing is drawn.");
    }

    [Fact]
    public async Task StopSequence_AcrossTokens_CutsTheAnswer()
    {
        ChatResponse response = await _client.GetResponseAsync("What is the capital of France?", new ChatOptions { StopSequences = ["ce is"] });

        Assert.Equal("The capital of Fran", response.Text);
    }

    [Fact]
    public async Task Prompt_LongerThanTheContext_IsRefusedAndTheEngineGoesOn()
    {
        var error = await Assert.ThrowsAsync<ContextOverflowException>(() => _client.GetResponseAsync(string.Concat(Enumerable.Repeat("word ", 5000))));

        Assert.Equal(2048, error.ContextTokens);
        Assert.InRange(error.PromptTokens, 5000, 20_000);
        Assert.Equal("The capital of Spain is Madrid.", (await _client.GetResponseAsync("What is the capital of Spain?")).Text);
    }

    [Fact]
    public async Task SaveState_RestoredInAnotherEngine_GoesOnFromThere()
    {
        List<ChatMessage> messages = [new(ChatRole.User, "My name is Anna.")];
        messages.AddMessages(await _client.GetResponseAsync(messages, new ChatOptions { Temperature = 0 }));
        var state = new MemoryStream();
        await _client.SaveStateAsync(messages, state);
        messages.Add(new ChatMessage(ChatRole.User, "What is my name?"));
        string expected = (await _client.GetResponseAsync(messages, new ChatOptions { Temperature = 0 })).Text;

        await using LlamaEngine engine = await LlamaEngine.LoadAsync(new LlamaEngineOptions { ModelPath = TestFiles.PocketChat, Threads = 1 });
        using LlamaChatClient client = engine.CreateChatClient();
        state.Position = 0;
        int restored = await client.RestoreStateAsync(state);
        ChatResponse response = await client.GetResponseAsync(messages, new ChatOptions { Temperature = 0 });

        Assert.Equal((expected, restored), (response.Text, (int)response.Usage!.CachedInputTokenCount!.Value));
        Assert.True(restored > 10, $"Only {restored} tokens were restored.");
    }

    [Fact]
    public async Task Cancelled_DuringALongAnswer_Ends()
    {
        using var source = new CancellationTokenSource();
        int updates = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (ChatResponseUpdate _ in _client.GetStreamingResponseAsync("Tell me a story.", cancellationToken: source.Token))
            {
                if (++updates == 3)
                {
                    await source.CancelAsync();
                }
            }
        });

        Assert.InRange(updates, 3, 60);
    }
}
