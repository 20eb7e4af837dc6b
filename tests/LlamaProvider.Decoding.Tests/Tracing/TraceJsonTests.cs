using System.Text.Json;
using System.Text.Json.Nodes;
using LlamaProvider.Decoding.Tracing;

namespace LlamaProvider.Decoding.Tests.Tracing;

public sealed class TraceJsonTests
{
    private static readonly string Json = TraceExamples.Trace.ToJson();

    [Fact]
    public void FromJson_EveryKindOfStep_IsWhatWasWritten()
    {
        AnswerTrace read = AnswerTrace.FromJson(Json);

        Assert.Equal(Json, read.ToJson());
        Assert.Equal(TraceExamples.Trace.Steps.Select(static step => step.GetType()), read.Steps.Select(static step => step.GetType()));
        Assert.Equal(ulong.MaxValue, read.Request.Seed);
        Assert.Equal(double.NegativeInfinity, ((TokenGuideStep)read.Steps[7]).Tokens[0].Weight);
        Assert.Equal(TraceExamples.Batch, read.Steps[^1]);
    }

    [Fact]
    public void Steps_EveryKindThereIs_IsInTheExampleAndInTheDocument()
    {
        Type[] kinds = [.. typeof(TraceStep).Assembly.GetTypes().Where(static type => type.IsSubclassOf(typeof(TraceStep)))];

        Assert.Equal(kinds.Select(static kind => kind.Name).Order(), TraceExamples.Trace.Steps.Select(static step => step.GetType().Name).Order());
    }

    [Fact]
    public void ToJson_Names_AreThoseOfTheDocument()
    {
        JsonNode trace = JsonNode.Parse(Json)!;

        Assert.Equal(["version", "model", "request", "level", "top", "tokens", "end", "steps", "dropped_steps"], trace.AsObject().Select(static member => member.Key));
        Assert.Equal(["token", "forced", "draft", "beam", "beam_result", "contrastive", "negative_prompt", "token_guide", "batch"], trace["steps"]!.AsArray().Select(static step => step!["type"]!.GetValue<string>()));
        Assert.Equal(
            """{"type":"forced","token":{"id":4,"text":"\u0022,"},"evaluation":1,"position":3}""", trace["steps"]![1]!.ToJsonString());
        Assert.Equal("not_reached", trace["steps"]![2]!["tokens"]![2]!["outcome"]!.GetValue<string>());
        Assert.Equal("full", trace["level"]!.GetValue<string>());
        Assert.Equal("stop_sequence", trace["end"]!.GetValue<string>());
    }

    [Fact]
    public void FromJson_AnotherVersion_SaysWhich()
    {
        var error = Assert.Throws<InvalidTraceException>(static () => AnswerTrace.FromJson(Json.Replace("\"version\":1", "\"version\":2", StringComparison.Ordinal)));

        Assert.Equal("The trace is of version 2, but this library reads version 1. Capture it again with CaptureTrace, or read it with the library that wrote it.", error.Message);
    }

    [Fact]
    public void FromJson_CutShort_SaysWhere()
    {
        for (int length = 0; length < Json.Length; length += 97)
        {
            Assert.Throws<InvalidTraceException>(() => AnswerTrace.FromJson(Json[..length]));
        }

        var error = Assert.Throws<InvalidTraceException>(static () => AnswerTrace.FromJson("{\"version\":1,\n\"model\":"));
        Assert.Equal("The trace cannot be read at '$', line 2: it is cut short, damaged, or lacks a member. Read what AnswerTrace.ToJson wrote, whole.", error.Message);
        Assert.IsAssignableFrom<JsonException>(error.InnerException);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("3")]
    [InlineData("{\"steps\":[]}")]
    public void FromJson_NoTrace_SaysSo(string json)
    {
        var error = Assert.Throws<InvalidTraceException>(() => AnswerTrace.FromJson(json));

        Assert.Equal("The text is no trace: it has no version. Read what AnswerTrace.ToJson wrote, whole.", error.Message);
    }

    [Fact]
    public void FromJson_MemberMissing_SaysWhere()
    {
        var error = Assert.Throws<InvalidTraceException>(static () => AnswerTrace.FromJson(Json.Replace("\"draft_probability\"", "\"x\"", StringComparison.Ordinal).Replace("\"reason\"", "\"y\"", StringComparison.Ordinal)));

        Assert.Equal("The trace cannot be read at '$.steps[2]', line 1: it is cut short, damaged, or lacks a member. Read what AnswerTrace.ToJson wrote, whole.", error.Message);
    }

    [Fact]
    public void FromJson_UnknownStep_IsRefused() =>
        Assert.Throws<InvalidTraceException>(static () => AnswerTrace.FromJson(Json.Replace("\"type\":\"forced\"", "\"type\":\"dreamt\"", StringComparison.Ordinal)));
}
