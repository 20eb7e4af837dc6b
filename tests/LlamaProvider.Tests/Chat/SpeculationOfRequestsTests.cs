using LlamaProvider.Chat;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Decoding.Strategies.Speculative;
using LlamaProvider.Decoding.Strategies.Speculative.Custom;
using LlamaProvider.Options;
using LlamaProvider.TestSupport.Scripted;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace LlamaProvider.Tests.Chat;

public sealed class SpeculationOfRequestsTests : ScriptedChatTests
{
    private const string Said = "You said: say it again 🦙";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PromptLookup_AnswerCopies_SaysTheSameInFewerSteps(bool streaming)
    {
        ChatResponse response = await Respond("say it again", new ChatOptions().UsePromptLookup(new PromptLookupOptions(Adaptive: false)), streaming);

        Assert.Equal(Said, response.Text);
        Assert.True(streaming || Statistics(response) is { AcceptedTokens: > 5, Steps: < 26 });
    }

    [Fact]
    public async Task DraftModel_IsTheModel_AcceptsAll()
    {
        using LlamaEngine engine = LlamaEngine.Create(Model, new LlamaEngineOptions { Sequences = 4, BatchTokens = 64 }, new Dictionary<string, ILanguageModel> { ["draft"] = Model });
        using LlamaChatClient client = engine.CreateChatClient();
        ChatOptions options = new ChatOptions().UseSpeculativeDecoding(new SpeculativeDecodingOptions("draft", Adaptive: false));

        ChatResponse response = await client.GetResponseAsync("say it again", options);

        Assert.Equal(Said, response.Text);
        Assert.Equal(1, Statistics(response)!.Acceptance);
        Assert.InRange(Statistics(response)!.Steps, 2, 6);
    }

    [Fact]
    public async Task CustomDrafter_Fails_AnswerGoesOn()
    {
        var engineOptions = new LlamaEngineOptions { Sequences = 4, BatchTokens = 64 };
        engineOptions.CustomDrafters["mine"] = _ => new Failing();
        using LlamaEngine engine = LlamaEngine.Create(Model, engineOptions);
        using LlamaChatClient client = engine.CreateChatClient();

        Assert.Equal(Said, (await client.GetResponseAsync("say it again", new ChatOptions().UseSpeculativeDecoding("mine"))).Text);
    }

    /// <summary>The prompt and one token are drafted from, then the back end fails.</summary>
    [Fact]
    public async Task DraftModel_FailsMidWay_AnswerGoesOnWithAWarning()
    {
        var draft = new ScriptedModel(Model.Vocabulary, Model.Logits);
        foreach (EvaluationStatus status in (EvaluationStatus[])[EvaluationStatus.Completed, EvaluationStatus.Completed, EvaluationStatus.Failed])
        {
            draft.Faults.Next.Enqueue(status);
        }

        var logs = new FakeLogCollector();
        using var loggers = LoggerFactory.Create(builder => builder.AddProvider(new FakeLoggerProvider(logs)));
        using LlamaEngine engine = LlamaEngine.Create(
            Model, new LlamaEngineOptions { Sequences = 4, BatchTokens = 64, LoggerFactory = loggers }, new Dictionary<string, ILanguageModel> { ["draft"] = draft });
        using LlamaChatClient client = engine.CreateChatClient();

        ChatResponse response = await client.GetResponseAsync("say it again", new ChatOptions().UseSpeculativeDecoding(new SpeculativeDecodingOptions("draft", Adaptive: false)));

        Assert.Equal(Said, response.Text);
        FakeLogRecord warning = Assert.Single(logs.GetSnapshot(), record => record.Level == LogLevel.Warning);
        Assert.Equal(
            ("LlamaProvider.Speculation", "The drafter 'draft' failed; the answer goes on without it.", "The back end failed to evaluate 1 tokens with the draft model (Failed); the log has its reason."),
            (warning.Category, warning.Message, warning.Exception!.Message));
        Assert.Equal(0, draft.Faults.UsedCells);
    }

    [Fact]
    public async Task Meter_OfDrafts_CountsWhatTheStatisticsSay()
    {
        using var drafts = new MetricCollector<long>(Engine.Metrics.Meter, "llama.draft.tokens");
        SpeculationStatistics statistics = Statistics(await Respond("one one two one one two", new ChatOptions().UsePromptLookup(new PromptLookupOptions(MaxTokens: 3, Adaptive: false))))!;

        Dictionary<string, long> byResult = drafts.GetMeasurementSnapshot().ToDictionary(value => (string)value.Tags["llama.draft.result"]!, value => value.Value);
        Assert.True(statistics.AcceptedTokens > 5 && statistics.DraftedTokens > statistics.AcceptedTokens, $"{statistics.AcceptedTokens} of {statistics.DraftedTokens}.");
        Assert.Equal((statistics.AcceptedTokens, statistics.DraftedTokens - statistics.AcceptedTokens), (byResult["accepted"], byResult["rejected"]));
    }

    [Fact]
    public void DraftModel_CannotTrim_IsRefused()
    {
        var draft = new ScriptedModel(Model.Vocabulary, Model.Logits) { Capabilities = ModelCapabilities.All with { CanTrim = false } };

        var error = Assert.Throws<InvalidOptionsException>(() => LlamaEngine.Create(Model, draftModels: new Dictionary<string, ILanguageModel> { ["draft"] = draft }));

        Assert.Contains("DraftModels has 'draft', 'scripted', whose memory cannot take rejected tokens back. Use another draft model.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drafter_NotRegistered_IsRefused()
    {
        var error = await Assert.ThrowsAsync<OptionNotSupportedException>(() => Respond("x", new ChatOptions().UseSpeculativeDecoding("draft")));

        Assert.Equal(
            "llama.speculative_decoding names the drafter 'draft', but this engine has none. Register it in LlamaEngineOptions.DraftModels or CustomDrafters, or use one of these.", error.Message);
    }

    [Theory]
    [InlineData("llama.prompt_lookup")]
    [InlineData("llama.speculative_decoding")]
    public async Task Model_CannotTrim_IsRefused(string option)
    {
        var model = new ScriptedModel(Model.Vocabulary, Model.Logits) { ChatTemplate = Model.ChatTemplate, Capabilities = ModelCapabilities.All with { CanTrim = false } };
        using LlamaEngine engine = LlamaEngine.Create(model, draftModels: new Dictionary<string, ILanguageModel> { ["draft"] = Model });
        using LlamaChatClient client = engine.CreateChatClient();
        ChatOptions options = option == "llama.prompt_lookup" ? new ChatOptions().UsePromptLookup() : new ChatOptions().UseSpeculativeDecoding("draft");

        var error = await Assert.ThrowsAsync<OptionNotSupportedException>(() => client.GetResponseAsync("x", options));

        Assert.Equal($"{option} is set, but the memory of 'scripted' cannot take rejected tokens back. Leave the option unset, or choose another model.", error.Message);
    }

    [Theory]
    [InlineData("\"draft\"", "draft", 8)]
    [InlineData("""{"drafter":"draft","max_tokens":"5"}""", "draft", 5)]
    public void GetSpeculativeDecoding_AnyForm_IsRead(string json, string drafter, int tokens)
    {
        var options = new ChatOptions { AdditionalProperties = new() { ["llama.speculative_decoding"] = System.Text.Json.JsonElement.Parse(json) } };

        Assert.Equal(new SpeculativeDecodingOptions(drafter, MaxTokens: tokens), options.GetSpeculativeDecoding());
    }

    [Theory]
    [InlineData("""{"min_match":0}""", "llama.prompt_lookup has min_match 0, but it must be 1 or more. Change it or leave it unset.")]
    [InlineData("""{"max_tokens":64}""", "llama.prompt_lookup has max_tokens 64, but it must be from 1 to 63. Change it or leave it unset.")]
    [InlineData("""{"ngram":2}""", """llama.prompt_lookup is {"ngram":2}, but must be true or an object such as {"min_match": 2, "max_tokens": 16}. Change the option or leave it unset.""")]
    public void GetPromptLookup_Malformed_IsRefused(string json, string message)
    {
        var options = new ChatOptions { AdditionalProperties = new() { ["llama.prompt_lookup"] = json } };

        Assert.Equal(message, Assert.Throws<OptionNotSupportedException>(() => options.GetPromptLookup()).Message);
    }

    [Fact]
    public void Options_WrittenAndCloned_AreReadAsWritten()
    {
        ChatOptions options = new ChatOptions().UsePromptLookup(maxTokens: 9, minMatch: 3).UseSpeculativeDecoding("draft", 5, 0.25).Clone();

        Assert.Equal(new PromptLookupOptions(MaxTokens: 9, MinMatch: 3), options.GetPromptLookup());
        Assert.Equal(new SpeculativeDecodingOptions("draft", MaxTokens: 5, MinConfidence: 0.25), options.GetSpeculativeDecoding());
    }

    private static SpeculationStatistics? Statistics(ChatResponse? response) => (response?.RawRepresentation as LlamaAnswer)?.Speculation;

    private sealed class Failing : ICustomDrafter
    {
        public int Draft(ReadOnlySpan<int> tokens, Span<int> destination) => throw new InvalidTimeZoneException("scripted fault");
    }
}
