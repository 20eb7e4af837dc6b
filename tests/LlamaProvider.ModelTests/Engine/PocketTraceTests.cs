using System.Text.Json;
using LlamaProvider.Chat;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Options;
using LlamaProvider.TestSupport;
using LlamaProvider.Tracing;
using Microsoft.Extensions.AI;

namespace LlamaProvider.ModelTests.Engine;

/// <summary>Traces, replays and confidence with a real model.</summary>
public sealed class PocketTraceTests(PocketEngine pocket) : IClassFixture<PocketEngine>
{
    private static readonly JsonElement City = JsonElement.Parse(
        """{"type":"object","properties":{"city":{"enum":["Paris","Rome","Oslo"]},"big":{"type":"boolean"},"tags":{"type":"array","items":{"enum":["old","new"]},"minItems":2,"maxItems":2}},"required":["city","big","tags"],"additionalProperties":false}""");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(TraceLevel.Tokens)]
    [InlineData(TraceLevel.Full)]
    public async Task Trace_DrawnStory_IsTheStoryAndChangesNothing(TraceLevel level)
    {
        using LlamaChatClient client = pocket.Engine.CreateChatClient();
        var options = new ChatOptions { Seed = 11, MaxOutputTokens = 60 };
        ChatResponse plain = await client.GetResponseAsync("Tell me a story.", options, Token);
        ChatResponse traced = await client.GetResponseAsync("Tell me a story.", options.Clone().CaptureTrace(level), Token);

        Assert.Equal(plain.Text, traced.Text);
        TokenStep[] steps = [.. traced.GetTrace().Steps.OfType<TokenStep>()];
        Assert.Equal(traced.GetTrace().Tokens, steps.Where(static step => !step.IsEnd).Select(static step => step.Token.Id));
        Assert.Equal(traced.Text, string.Concat(steps.Where(static step => !step.IsEnd).Select(static step => step.Token.Text)).TrimStart());
        Assert.All(steps, static step => Assert.Equal(1, step.Final.Top.Sum(static candidate => candidate.Probability) + step.Final.Rest, 1e-4));
    }

    [Fact]
    public async Task Replay_FreshEngine_HasTheSameTokensAndFingerprint()
    {
        AnswerTrace trace;
        using (LlamaChatClient client = pocket.Engine.CreateChatClient())
        {
            ChatOptions options = new ChatOptions { MaxOutputTokens = 50 }.UseSamplers(static s => s.TopK(30).Temperature(1)).CaptureTrace();
            trace = (await client.GetResponseAsync("Tell me a story.", options, Token)).GetTrace();
        }

        await using LlamaEngine engine = await LlamaEngine.LoadAsync(new LlamaEngineOptions { ModelPath = TestFiles.PocketChat, Threads = 1 }, cancellationToken: Token);
        using LlamaChatClient other = engine.CreateChatClient();
        TraceReplay replay = await other.ReplayAsync(AnswerTrace.FromJson(trace.ToJson()), Token);

        Assert.True(replay.IsExact, replay.Explanation);
        Assert.Equal(trace.Model, replay.Response.GetTrace().Model);
        Assert.Matches("^[0-9a-f]{64}$", trace.Model.Fingerprint);
        Assert.StartsWith("llama.cpp 0.", trace.Model.Backend, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task GetConfidence_Schema_JudgesEveryValueAmongTheAllowedOnes(bool jumps)
    {
        using LlamaChatClient client = pocket.Engine.CreateChatClient();
        ChatOptions options = new ChatOptions { Seed = 2, MaxOutputTokens = 80 }.UseJsonSchema(City).UseJumpForward(jumps).CaptureTrace(TraceLevel.Stages, top: 50);
        ChatResponse response = await client.GetResponseAsync("Describe Paris as JSON.", options, Token);

        IReadOnlyDictionary<string, ValueConfidence> values = response.GetConfidence();
        JsonElement answer = JsonElement.Parse(response.Text);
        Assert.Equal(["", "/city", "/big", "/tags", "/tags/0", "/tags/1"], values.Keys);
        Assert.Equal(answer.GetProperty("city").GetRawText(), values["/city"].Json);
        Assert.Equal(answer.GetProperty("tags")[1].GetRawText(), values["/tags/1"].Json);
        Assert.All(values.Values, static value => Assert.InRange(value.Probability, 1e-30, 1));
        Assert.All(["/city", "/big", "/tags/0", "/tags/1"], pointer => Assert.NotNull(values[pointer].Alternative));
        Assert.True(values[""].LogProbability <= values["/city"].LogProbability + values["/big"].LogProbability + 1e-9);
        string alternative = values["/big"].Alternative!.Beginning.Trim();
        Assert.True("true".StartsWith(alternative, StringComparison.Ordinal) || "false".StartsWith(alternative, StringComparison.Ordinal), alternative);
    }

    /// <summary>With every spelling but one forbidden by the form, the probabilities of both values of a choice add up to 1.</summary>
    [Fact]
    public async Task GetConfidence_BothValuesOfAChoice_AddUpToOne()
    {
        using LlamaChatClient client = pocket.Engine.CreateChatClient();
        var seen = new Dictionary<string, double>();
        for (int seed = 1; seed <= 40 && seen.Count < 2; seed++)
        {
            ChatOptions options = new ChatOptions { Seed = seed }
                .UseSamplers(static s => s.Temperature(5)).UseJsonSchema("""{"enum":[1,2]}""", Decoding.Constraints.JsonSchema.JsonSchemaOptions.Default).CaptureTrace(TraceLevel.Stages);
            ChatResponse response = await client.GetResponseAsync("What is 1 + 1?", options, Token);
            seen[response.Text] = response.GetConfidence()[""].Probability;
        }

        Assert.Equal(2, seen.Count);
        Assert.Equal(1, seen.Values.Sum(), 0.02);
    }
}
