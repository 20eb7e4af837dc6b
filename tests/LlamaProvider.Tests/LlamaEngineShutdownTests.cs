using LlamaProvider.Chat;
using LlamaProvider.TestSupport.Scripted;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests;

public sealed class LlamaEngineShutdownTests
{
    private readonly ScriptedModel _model = ScriptedModel.Answering(ScriptedVocabulary.Bytes(), _ => new string('x', 300));

    [Fact]
    public async Task Shutdown_EnoughTime_FinishesWhatRunsAndRefusesTheRest()
    {
        LlamaEngine engine = LlamaEngine.Create(_model);
        using LlamaChatClient client = engine.CreateChatClient();
        Task<ChatResponse>[] answers = [.. Enumerable.Range(0, 5).Select(_ => client.GetResponseAsync("go"))];

        bool drained = await engine.ShutdownAsync(Timeout.InfiniteTimeSpan);

        Assert.True(drained);
        Assert.All(await Task.WhenAll(answers), answer => Assert.Equal(300, answer.Text.Length));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.GetResponseAsync("go"));
        await engine.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Shutdown_TimeOver_CancelsWhatRuns(bool byToken)
    {
        LlamaEngine engine = LlamaEngine.Create(_model);
        using LlamaChatClient client = engine.CreateChatClient(new LlamaChatClientOptions { StreamCapacity = 1 });
        await using IAsyncEnumerator<ChatResponseUpdate> stream = client.GetStreamingResponseAsync("go").GetAsyncEnumerator();
        await stream.MoveNextAsync();

        // Nobody reads on, so the request never ends by itself.
        bool drained = byToken
            ? await engine.ShutdownAsync(Timeout.InfiniteTimeSpan, new CancellationToken(canceled: true))
            : await engine.ShutdownAsync(TimeSpan.Zero);

        Assert.False(drained);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () =>
        {
            while (await stream.MoveNextAsync())
            {
            }
        });
    }
}
