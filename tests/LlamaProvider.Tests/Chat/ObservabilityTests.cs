using System.Diagnostics;
using LlamaProvider.Chat;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Scheduling;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Chat;

public sealed class ObservabilityTests : ScriptedChatTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Activity_OfAnAnswer_HangsBelowTheCallersAndSaysHowItWent(bool streaming)
    {
        using var caller = new Activity("caller").Start();
        using ActivityLog log = new(caller);

        await Respond("hello", streaming: streaming);

        Assert.Same(caller, Activity.Current);
        Activity activity = Assert.Single(log.Stopped);
        Assert.Equal(("llama.generate", caller.Id), (activity.OperationName, activity.ParentId));
        Assert.Equal("scripted", activity.GetTagItem("llama.model"));
        Assert.Equal("end_of_generation", activity.GetTagItem("llama.request.end"));
        Assert.Equal("You said: hello 🦙".Length + 2, activity.GetTagItem("llama.output_tokens"));
        Assert.True((double)activity.GetTagItem("llama.queue_wait")! <= (double)activity.GetTagItem("llama.time_to_first_token")!);
    }

    [Fact]
    public async Task Activity_OfAFailure_HasTheError()
    {
        using var caller = new Activity("caller").Start();
        using ActivityLog log = new(caller);
        Model.Faults.Next.Enqueue(EvaluationStatus.Failed);

        await Assert.ThrowsAsync<EvaluationFailedException>(() => Respond("hello"));

        Activity activity = Assert.Single(log.Stopped);
        Assert.Equal((ActivityStatusCode.Error, "failed"), (activity.Status, activity.GetTagItem("llama.request.end")));
    }

    [Fact]
    public async Task Activity_ReaderLeaves_IsStopped()
    {
        using var caller = new Activity("caller").Start();
        using ActivityLog log = new(caller);
        using LlamaChatClient client = Engine.CreateChatClient();

        await foreach (ChatResponseUpdate _ in client.GetStreamingResponseAsync("forever"))
        {
            break;
        }

        Assert.Equal("reader_left", Assert.Single(log.Stopped).GetTagItem("llama.request.end"));
    }

    [Fact]
    public async Task Snapshot_OfAnEngine_FollowsItsLife()
    {
        EngineSnapshot before = Engine.GetSnapshot();
        Assert.Equal((true, 0, 0, 0), (before.IsRunning, before.RunningRequests, before.UsedCells, before.KeptPrefixes));

        await Respond("hello");
        await WaitUntilAsync(() => Engine.GetSnapshot() is { RunningRequests: 0, WaitingRequests: 0, KeptPrefixes: 1 });
        Assert.InRange(Engine.GetSnapshot().UsedCells, 10, 100);

        Engine.Dispose();
        Assert.False(Engine.GetSnapshot().IsRunning);
    }

    private static async Task WaitUntilAsync(Func<bool> holds)
    {
        for (int tries = 0; !holds(); tries++)
        {
            Assert.True(tries < 1000, "It did not happen within ten seconds.");
            await Task.Delay(10);
        }
    }

    /// <summary>The stopped activities of this library below one other.</summary>
    private sealed class ActivityLog : IDisposable
    {
        private readonly ActivityListener _listener;

        public ActivityLog(Activity parent)
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == AnswerActivity.SourceName,
                Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                    options.Parent.TraceId == parent.TraceId ? ActivitySamplingResult.AllData : ActivitySamplingResult.None,
                ActivityStopped = activity =>
                {
                    if (activity.TraceId == parent.TraceId)
                    {
                        Stopped.Add(activity);
                    }
                },
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public List<Activity> Stopped { get; } = [];

        public void Dispose() => _listener.Dispose();
    }
}
