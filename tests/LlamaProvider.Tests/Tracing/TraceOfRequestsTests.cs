using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using LlamaProvider.Chat;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Options;
using LlamaProvider.Tests.Chat;
using LlamaProvider.TestSupport.Scripted;
using LlamaProvider.Tracing;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Tracing;

/// <summary>Traces as a chat client's caller sees them.</summary>
public sealed class TraceOfRequestsTests : ScriptedChatTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetResponse_Traced_HasEveryTokenAndWhatWasAsked()
    {
        ChatResponse response = await Respond("hi", new ChatOptions { Seed = 5 }.CaptureTrace(TraceLevel.Full));

        AnswerTrace trace = response.GetTrace();
        Assert.Equal(((LlamaAnswer)response.RawRepresentation!).Tokens, trace.Tokens);
        Assert.Equal(trace.Tokens, trace.Steps.OfType<TokenStep>().Where(static step => !step.IsEnd).Select(static step => step.Token.Id));
        Assert.Equal((TraceLevel.Full, 10, 5ul, TraceEnd.EndOfGeneration, 0), (trace.Level, trace.Top, trace.Request.Seed, trace.End, trace.DroppedSteps));
        using LlamaChatClient client = Engine.CreateChatClient();
        Assert.Equal(client.RenderPrompt([new ChatMessage(ChatRole.User, "hi")]).Tokens, trace.Request.PromptTokens);
        Assert.Equal(trace.Request.PromptTokens.Count + trace.Tokens.Count, trace.Steps.OfType<BatchStep>().Sum(static step => step.OwnTokens));
        Assert.Equal("scripted", trace.Model.Name);
        Assert.All(Enumerable.Range(0, trace.Steps.Count), step => Assert.NotEmpty(trace.Explain(step)));
        Assert.Equal(trace.ToJson(), AnswerTrace.FromJson(trace.ToJson()).ToJson());
    }

    [Fact]
    public async Task GetStreamingResponse_Traced_HasItOnTheLastUpdate()
    {
        using LlamaChatClient client = Engine.CreateChatClient();
        List<ChatResponseUpdate> updates = await client.GetStreamingResponseAsync("hi", new ChatOptions().CaptureTrace(), Token).ToListAsync(Token);

        Assert.Equal(((LlamaAnswer)updates[^1].RawRepresentation!).Tokens, updates[^1].GetTrace().Tokens);
        var error = Assert.Throws<TraceNotCapturedException>(() => updates[0].GetTrace());
        Assert.Equal(
            "The update has no trace; that of a stream is on its last update. Capture it with options.CaptureTrace() on the request, and read it before the response is serialised, which leaves it out.",
            error.Message);
    }

    [Fact]
    public async Task GetTraceSteps_OfEveryUpdate_AreTheWholeTraceAndNeverAheadOfTheText()
    {
        using LlamaChatClient client = Engine.CreateChatClient();
        List<ChatResponseUpdate> updates = await client.GetStreamingResponseAsync("hi", new ChatOptions().CaptureTrace(TraceLevel.Full), Token).ToListAsync(Token);

        Assert.Equal(updates[^1].GetTrace().Steps, updates.SelectMany(static update => update.GetTraceSteps()));
        List<byte> shown = [];
        List<byte> chosen = [];
        foreach (ChatResponseUpdate update in updates)
        {
            shown.AddRange(Encoding.UTF8.GetBytes(update.Text));
            chosen.AddRange(update.GetTraceSteps().OfType<TokenStep>().Where(static step => !step.IsEnd).SelectMany(step => Engine.Model.Vocabulary.GetBytes(step.Token.Id).ToArray()));

            // Beyond the text there may be the beginning of a character.
            Assert.Equal(shown, chosen.Take(shown.Count));
            Assert.InRange(chosen.Count - shown.Count, 0, 3);
        }

        Assert.Equal(shown, chosen);
        Assert.NotEmpty(shown);
    }

    [Fact]
    public async Task GetTraceSteps_TraceWithoutRoom_AreAllOfThem()
    {
        using LlamaChatClient client = Engine.CreateChatClient();
        ChatOptions options = new ChatOptions().CaptureTrace(new TraceOptions(MaxSteps: 1));
        List<ChatResponseUpdate> updates = await client.GetStreamingResponseAsync("hi", options, Token).ToListAsync(Token);

        Assert.Equal(
            updates[^1].GetTrace().Tokens, updates.SelectMany(static update => update.GetTraceSteps()).OfType<TokenStep>().Where(static step => !step.IsEnd).Select(static step => step.Token.Id));
        Assert.NotEqual(0, updates[^1].GetTrace().DroppedSteps);
    }

    [Fact]
    public async Task GetTraceSteps_NotCaptured_SaysHowTo()
    {
        using LlamaChatClient client = Engine.CreateChatClient();
        List<ChatResponseUpdate> updates = await client.GetStreamingResponseAsync("hi", cancellationToken: Token).ToListAsync(Token);

        Assert.All(updates, static update => Assert.Equal(
            "The update has no steps of a trace. Capture it with options.CaptureTrace() on the request, and read it before the response is serialised, which leaves it out.",
            Assert.Throws<TraceNotCapturedException>(() => update.GetTraceSteps()).Message));
    }

    [Fact]
    public async Task GetTrace_NotCaptured_SaysHowTo()
    {
        ChatResponse response = await Respond("hi");

        Assert.Null(((LlamaAnswer)response.RawRepresentation!).Trace);
        var error = Assert.Throws<TraceNotCapturedException>(() => response.GetTrace());
        Assert.Equal("The response has no trace. Capture it with options.CaptureTrace() on the request, and read it before the response is serialised, which leaves it out.", error.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Sink_Named_ReceivesEveryStepAndTheEnd(bool streaming)
    {
        var sink = new Collector();
        using LlamaEngine engine = WithSink(sink);
        using LlamaChatClient client = engine.CreateChatClient();
        ChatOptions options = new ChatOptions().CaptureTrace(new TraceOptions(TraceLevel.Full, MaxSteps: 3, Sink: "mine"));
        (AnswerTrace trace, string? id) = (null!, null);
        if (streaming)
        {
            List<ChatResponseUpdate> updates = await client.GetStreamingResponseAsync("hi", options, Token).ToListAsync(Token);
            (trace, id) = (updates[^1].GetTrace(), updates[0].ResponseId);
        }
        else
        {
            ChatResponse response = await client.GetResponseAsync("hi", options, Token);
            (trace, id) = (response.GetTrace(), response.ResponseId);
        }

        Assert.Equal(3, trace.Steps.Count);
        Assert.Equal(3 + trace.DroppedSteps, sink.Steps.Count);
        Assert.Equal(trace.Steps, sink.Steps.Take(3).Select(static step => step.Step));
        Assert.All(sink.Steps, step => Assert.Equal(id, step.Id));
        Assert.Equal((id, 0), Assert.Single(sink.Ends));
    }

    [Fact]
    public async Task Sink_Throws_LeavesTheAnswerAlone()
    {
        using LlamaEngine engine = WithSink(new Collector { Fails = true });
        using LlamaChatClient client = engine.CreateChatClient();

        ChatResponse response = await client.GetResponseAsync("hi", new ChatOptions().CaptureTrace(new TraceOptions(Sink: "mine")), Token);

        Assert.Equal("You said: hi 🦙", response.Text);
        Assert.NotEmpty(response.GetTrace().Steps);
    }

    [Fact]
    public async Task Sink_ReaderLeaves_IsToldOfTheEnd()
    {
        var sink = new Collector();
        using LlamaEngine engine = WithSink(sink);
        using LlamaChatClient client = engine.CreateChatClient();
        await foreach (ChatResponseUpdate _ in client.GetStreamingResponseAsync("forever", new ChatOptions().CaptureTrace(new TraceOptions(Sink: "mine")), Token))
        {
            break;
        }

        Assert.Single(sink.Ends);
    }

    [Fact]
    public async Task Sink_Unknown_IsRefused()
    {
        var error = await Assert.ThrowsAsync<OptionNotSupportedException>(() => Respond("hi", new ChatOptions().CaptureTrace(new TraceOptions(Sink: "mine"))));

        Assert.Equal("llama.trace names the trace sink 'mine', but this engine has none. Register it in LlamaEngineOptions.TraceSinks, or use one of these.", error.Message);
    }

    [Fact]
    public async Task GetResponse_BestOf_TracesEveryDrawAndNamesTheTakenOne()
    {
        ChatResponse response = await Respond("hi", new ChatOptions { Seed = 1 }.UseBestOf(3).CaptureTrace());

        AnswerTrace trace = response.GetTrace();
        Assert.Equal([0, 1, 2], trace.Steps.OfType<TokenStep>().Select(static step => step.Draw!.Value).Distinct().Order());
        Assert.Equal(trace.Tokens, trace.Steps.OfType<TokenStep>().Where(step => step.Draw == trace.Draw && !step.IsEnd).Select(static step => step.Token.Id));
        Assert.Equal(trace.Tokens[4], trace.FindToken(4)!.Token.Id);
    }

    [Fact]
    public async Task GetResponse_BeamSearch_TracesTheTree()
    {
        ChatResponse response = await Respond("hi", new ChatOptions().UseBeamSearch(3).CaptureTrace());

        AnswerTrace trace = response.GetTrace();
        Assert.Equal(response.GetBeams().Select(static beam => beam.Score), trace.Steps.OfType<BeamResultStep>().Single().Leaves.Select(static leaf => leaf.Score));
        Assert.Empty(trace.Steps.OfType<TokenStep>());
    }

    [Fact]
    public async Task GetConfidence_LevelTooLow_SaysWhichIsNeeded()
    {
        ChatResponse response = await Respond("hi", new ChatOptions().CaptureTrace());

        var error = Assert.Throws<TraceNotCapturedException>(() => response.GetConfidence());
        Assert.Equal("Confidence needs what the constraint allowed at each token, but the trace is of level Tokens. Capture it with options.CaptureTrace(TraceLevel.Stages).", error.Message);
    }

    [Fact]
    public async Task GetConfidence_NoConstraint_SaysWhatIsMissing()
    {
        ChatResponse response = await Respond("hi", new ChatOptions().CaptureTrace(TraceLevel.Stages));

        var error = Assert.Throws<TraceNotCapturedException>(() => response.GetConfidence());
        Assert.Equal("Confidence compares a value with others that its form allows, but nothing held the answer to a form. Ask for one with ResponseFormat or UseJsonSchema.", error.Message);
    }

    [Fact]
    public async Task GetConfidence_Search_SaysWhatIsMissing()
    {
        ChatResponse response = await Respond("hi", new ChatOptions { MaxOutputTokens = 40 }.UseBeamSearch(2).UseRegex("[a-z]{3}").CaptureTrace(TraceLevel.Stages));

        var error = Assert.Throws<TraceNotCapturedException>(() => response.GetConfidence());
        Assert.Equal(
            "The trace does not hold how token 1 was chosen: a search found it, or there was no room. Ask without a search, or raise max_steps of CaptureTrace.", error.Message);
    }

    [Fact]
    public async Task GetConfidence_CutAnswer_SaysSo()
    {
        ChatResponse response = await Respond("hi", new ChatOptions().UseRegex("[{]\"[ab]c").CaptureTrace(TraceLevel.Stages));

        var error = Assert.Throws<JsonException>(() => response.GetConfidence());
        Assert.Equal("The answer is no complete JSON value, so its values cannot be told apart. Ask for JSON, with enough MaxOutputTokens to complete it.", error.Message);
    }

    private LlamaEngine WithSink(ITraceSink sink)
    {
        var options = new LlamaEngineOptions { Sequences = 4, BatchTokens = 64 };
        options.TraceSinks["mine"] = sink;
        return LlamaEngine.Create(Model, options);
    }

    private sealed class Collector : ITraceSink
    {
        public bool Fails { get; init; }

        public ConcurrentQueue<(string Id, TraceStep Step)> Steps { get; } = [];

        public ConcurrentQueue<(string Id, int Missed)> Ends { get; } = [];

        public void OnStep(string responseId, TraceStep step)
        {
            if (Fails)
            {
                throw new InvalidOperationException("The disk is full.");
            }

            Steps.Enqueue((responseId, step));
        }

        public void OnEnd(string responseId, int missedSteps) => Ends.Enqueue((responseId, missedSteps));
    }
}
