using System.Text.Json;
using System.Text.Json.Nodes;
using LlamaProvider.Chat;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Tests.Options;

public sealed class TraceChatOptionsTests
{
    private static readonly ChatOptionsReader Reader = new(new ModelNames("model", null), SamplerPipeline.Balanced);

    public static TheoryData<object, TraceOptions?> Forms { get; } = new()
    {
        { true, new TraceOptions() },
        { "true", new TraceOptions() },
        { false, null },
        { "stages", new TraceOptions(TraceLevel.Stages) },
        { JsonElement.Parse("\"full\""), new TraceOptions(TraceLevel.Full) },
        { """{"level":"stages","top":"7"}""", new TraceOptions(TraceLevel.Stages, 7) },
        { JsonNode.Parse("""{"top":5,"max_steps":9,"sink":"mine"}""")!, new TraceOptions(TraceLevel.Tokens, 5, 9, "mine") },
        { new Dictionary<string, object?> { ["level"] = "full" }, new TraceOptions(TraceLevel.Full) },
        { new TraceOptions(TraceLevel.Stages, 3), new TraceOptions(TraceLevel.Stages, 3) },
    };

    public static TheoryData<object, string> Faults { get; } = new()
    {
        { 3, "llama.trace is 3, but must be true, \"tokens\", \"stages\", \"full\" or an object such as {\"level\": \"stages\", \"top\": 10}. Change the option or leave it unset." },
        { "all", "llama.trace is \"all\", but must be true, \"tokens\", \"stages\", \"full\" or an object such as {\"level\": \"stages\", \"top\": 10}. Change the option or leave it unset." },
        { """{"depth":1}""", "llama.trace is {\"depth\":1}, but must be true, \"tokens\", \"stages\", \"full\" or an object such as {\"level\": \"stages\", \"top\": 10}. Change the option or leave it unset." },
        { new TraceOptions(Top: 0), "llama.trace has top 0, but it must be from 1 to 50. Change it or leave it unset." },
        { """{"top":51}""", "llama.trace has top 51, but it must be from 1 to 50. Change it or leave it unset." },
        { new TraceOptions(MaxSteps: 0), "llama.trace has max_steps 0, but it must be 1 or more. Change it or leave it unset." },
        { new TraceOptions(Sink: ""), "llama.trace has an empty sink, but it must be the name of a trace sink. Change it or leave it unset." },
        { new TraceOptions((TraceLevel)9), "llama.trace has level 9, but it must be tokens, stages or full. Change it or leave it unset." },
    };

    [Fact]
    public void CaptureTrace_Written_IsJsonThatSurvivesCloning()
    {
        ChatOptions options = new ChatOptions().CaptureTrace(TraceLevel.Stages, top: 20).Clone();

        Assert.Equal("""{"level":"stages","top":20,"max_steps":4096}""", Assert.IsType<JsonElement>(options.AdditionalProperties!["llama.trace"]).GetRawText());
        Assert.Equal(new TraceOptions(TraceLevel.Stages, 20), options.GetTraceOptions());
        Assert.Null(new ChatOptions().GetTraceOptions());
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void GetTraceOptions_AnyForm_IsRead(object value, TraceOptions? expected) => Assert.Equal(expected, With(value).GetTraceOptions());

    [Theory]
    [MemberData(nameof(Faults))]
    public void GetTraceOptions_Faulty_IsRefused(object value, string message)
    {
        var error = Assert.Throws<OptionNotSupportedException>(() => With(value).GetTraceOptions());

        Assert.Equal(message, error.Message);
        Assert.Equal("llama.trace", error.Option);
    }

    [Fact]
    public void CaptureTrace_OutOfRange_IsRefusedAtOnce() =>
        Assert.Throws<OptionNotSupportedException>(static () => new ChatOptions().CaptureTrace(top: 51));

    [Fact]
    public void Read_RawOptions_Win()
    {
        ChatOptions options = new ChatOptions().CaptureTrace();
        options.RawRepresentationFactory = static _ => new LlamaGenerationOptions { Trace = new TraceOptions(TraceLevel.Full) };

        GenerationSettings settings = Reader.Read(options, null!);

        Assert.Equal(("LlamaGenerationOptions.Trace", TraceLevel.Full), (settings.Trace!.Option, settings.Trace.Options.Level));
    }

    [Fact]
    public void Read_Traced_ResolvesWhateverDecidesAboutTheAnswer()
    {
        ChatOptions options = new ChatOptions { Temperature = 0.5f, Seed = 3, MaxOutputTokens = 9, StopSequences = ["x"] }.UseBestOf(2).UseContextOverflow(ContextOverflow.TruncateOldest).CaptureTrace();
        options.AdditionalProperties!["foreign"] = new object();
        options.RawRepresentationFactory = static _ => new LlamaGenerationOptions { Regex = "[a-z]+" };

        JsonElement traced = Reader.Read(options, null!).TracedOptions!.Value;
        var read = traced.Deserialize<ChatOptions>(AIJsonUtilities.DefaultOptions)!;

        Assert.Equal("[a-z]+", read.GetRegex());
        Assert.Equal(0.5, read.GetSamplers()!.Stages.OfType<LlamaProvider.Decoding.Sampling.Stages.TemperatureStage>().Single().Temperature, 1e-6);
        Assert.Equal((2, 9, "x"), (read.GetBestOf()!.Count, read.MaxOutputTokens, Assert.Single(read.StopSequences!)));
        Assert.Equal(ContextOverflow.TruncateOldest, read.GetContextOverflow());
        Assert.False(read.AdditionalProperties!.ContainsKey("foreign"));
    }

    [Fact]
    public void Read_Untraced_ResolvesNothing() => Assert.Null(Reader.Read(new ChatOptions(), null!).TracedOptions);

    private static ChatOptions With(object value) => new() { AdditionalProperties = new() { ["llama.trace"] = value } };
}
