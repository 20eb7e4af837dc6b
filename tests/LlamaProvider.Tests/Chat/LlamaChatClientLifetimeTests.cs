using LlamaProvider.Chat;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Scheduling;
using LlamaProvider.Options;
using LlamaProvider.Templates;
using LlamaProvider.TestSupport.Scripted;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Chat;

/// <summary>Cancellation, disposal and failure.</summary>
public sealed class LlamaChatClientLifetimeTests : ScriptedChatTests
{
    [Fact]
    public async Task Cancelled_BeforeTheCall_NothingRuns()
    {
        using LlamaChatClient client = Engine.CreateChatClient();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetResponseAsync("hello", cancellationToken: new CancellationToken(true)));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Updates("hello", cancellationToken: new CancellationToken(true)));
        Assert.Empty(Model.Faults.BatchSizes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cancelled_DuringTheAnswer_EndsAndFreesTheCells(bool streaming)
    {
        using var source = new CancellationTokenSource();
        Model.Faults.BeforeToken = _ =>
        {
            if (Model.Faults.BatchSizes.Count == 5)
            {
                source.Cancel();
            }
        };

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Respond("forever", streaming: streaming, cancellationToken: source.Token));

        Assert.Equal(source.Token, error.CancellationToken);
        Model.Faults.BeforeToken = null;
        await Respond("hello");
        Assert.InRange(Model.Faults.BatchSizes.Count, 6, 60);
    }

    [Fact]
    public async Task Stream_ReaderLeavesEarly_RequestEnds()
    {
        LlamaEngine engine = CreateEngine(prefixCacheSequences: 0);
        using LlamaChatClient client = engine.CreateChatClient();
        await foreach (ChatResponseUpdate _ in client.GetStreamingResponseAsync("forever"))
        {
            break;
        }

        // Asynchronous disposal of the engine waits for running requests, so it returns only if that one has ended.
        await engine.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(0, Model.Faults.UsedCells);
    }

    [Fact]
    public async Task Engine_DisposedDuringAnAnswer_CallerLearnsIt()
    {
        using LlamaChatClient client = Engine.CreateChatClient();
        await using IAsyncEnumerator<ChatResponseUpdate> stream = client.GetStreamingResponseAsync("forever").GetAsyncEnumerator();
        Assert.True(await stream.MoveNextAsync());

        Engine.Dispose();

        var error = await Assert.ThrowsAsync<ObjectDisposedException>(async () =>
        {
            while (await stream.MoveNextAsync())
            {
            }
        });
        Assert.StartsWith("The engine was disposed before the answer was complete.", error.Message);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.GetResponseAsync("hello"));
        Assert.Throws<ObjectDisposedException>(() => Engine.CreateChatClient());
    }

    [Fact]
    public async Task Client_Disposed_RefusesButLeavesTheEngine()
    {
        LlamaChatClient client = Engine.CreateChatClient();
        client.Dispose();
        client.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.GetResponseAsync("hello"));
        Assert.Equal("You said: hello 🦙", (await Respond("hello")).Text);
    }

    [Fact]
    public async Task Evaluation_Fails_CallerGetsTheErrorAndTheEngineGoesOn()
    {
        Model.Faults.Next.Enqueue(EvaluationStatus.Failed);

        await Assert.ThrowsAsync<EvaluationFailedException>(() => Respond("hello"));
        await Assert.ThrowsAsync<EvaluationFailedException>(async () =>
        {
            Model.Faults.Next.Enqueue(EvaluationStatus.Failed);
            await Updates("hello");
        });
        Assert.Equal("You said: hello 🦙", (await Respond("hello")).Text);
    }
}
