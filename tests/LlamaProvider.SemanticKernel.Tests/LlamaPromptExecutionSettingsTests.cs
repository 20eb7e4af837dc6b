using System.Text.Json;
using System.Text.Json.Nodes;
using LlamaProvider.Decoding.Tracing;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;

namespace LlamaProvider.SemanticKernel.Tests;

public sealed class LlamaPromptExecutionSettingsTests
{
    private const string Json =
        """
        {"service_id":"local","temperature":0.5,"top_p":0.5,"top_k":7,"seed":11,"max_tokens":12,"frequency_penalty":0.25,"presence_penalty":0.75,
         "stop_sequences":["END"],"llama.min_p":0.125,"llama.regex":"a+"}
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Json_OfEitherType_ReachesTheClient(bool asBase)
    {
        PromptExecutionSettings settings = asBase
            ? JsonSerializer.Deserialize<PromptExecutionSettings>(Json)!
            : JsonSerializer.Deserialize<LlamaPromptExecutionSettings>(Json)!;

        AssertCarried(await SendAsync(settings));
        AssertCarried(await SendAsync(LlamaPromptExecutionSettings.FromExecutionSettings(settings)));
        AssertCarried(await SendAsync(settings.Clone()));
    }

    [Fact]
    public void Json_WrittenAndRead_IsTheSame()
    {
        LlamaPromptExecutionSettings settings = JsonSerializer.Deserialize<LlamaPromptExecutionSettings>(Json)!;

        string written = JsonSerializer.Serialize(settings);

        Assert.Equal(written, JsonSerializer.Serialize(JsonSerializer.Deserialize<LlamaPromptExecutionSettings>(written)));
        JsonObject members = JsonNode.Parse(written)!.AsObject();
        Assert.True(members.Remove("model_id") && members.Remove("function_choice_behavior"), "The kernel's own members are written as null.");
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Json), members), written);
    }

    [Fact]
    public async Task Use_OptionsOfTheLibrary_ReachTheClientAndKeepTheRest()
    {
        LlamaPromptExecutionSettings settings = new LlamaPromptExecutionSettings { Seed = 11, TopK = 3 }
            .Use(options => options.UseGrammar("root ::= \"a\"").UsePriority(3))
            .Use(options => options.TopK = 7);

        ChatOptions sent = await SendAsync(settings);

        Assert.Equal((11, 7, 3), (sent.Seed, sent.TopK, sent.GetPriority()));
        Assert.Contains("llama.grammar", sent.AdditionalProperties!.Keys);
    }

    [Fact]
    public async Task Use_Searches_ReachTheClient()
    {
        ChatOptions sent = await SendAsync(new LlamaPromptExecutionSettings().Use(options => options.UseContrastiveSearch(5).UseGuidance("Be rude.", 2).UseTokenGuide("g", 3).UseBestOf(6, "mine")));

        Assert.Equal(5, sent.GetContrastiveSearch()!.TopK);
        Assert.Equal(new GuidanceOptions { NegativePrompt = "Be rude.", Scale = 2 }, sent.GetGuidance());
        Assert.Equal(new TokenGuideOptions { Guide = "g", Strength = 3 }, sent.GetTokenGuide());
        Assert.Equal(new BestOfOptions { Count = 6, Scorer = "mine" }, sent.GetBestOf());
    }

    [Fact]
    public async Task Use_CaptureTrace_ReachesTheClient()
    {
        ChatOptions sent = await SendAsync(new LlamaPromptExecutionSettings().Use(options => options.CaptureTrace(TraceLevel.Stages, 20)));

        Assert.Equal(new TraceOptions(TraceLevel.Stages, 20), sent.GetTraceOptions());
    }

    [Fact]
    public async Task NestedValues_AsAYamlReaderGivesThem_AreRead()
    {
        // A YAML reader knows no types: texts, lists of objects, and dictionaries of objects.
        var settings = new PromptExecutionSettings
        {
            ExtensionData = new Dictionary<string, object>
            {
                ["llama.samplers"] = new List<object> { new Dictionary<object, object> { ["type"] = "top_k", ["top_k"] = "20" }, "greedy" },
                ["llama.priority"] = "2",
            },
        };

        ChatOptions sent = await SendAsync(settings);

        Assert.Equal(Decoding.Sampling.SamplerPipeline.Create(samplers => samplers.TopK(20).Greedy()), sent.GetSamplers());
        Assert.Equal(2, sent.GetPriority());
    }

    [Fact]
    public void Use_WhatSettingsCannotCarry_IsRefused()
    {
        var error = Assert.Throws<OptionNotSupportedException>(() => new LlamaPromptExecutionSettings().Use(options => options.Tools = []));

        Assert.Equal("Tools is set, but prompt execution settings cannot carry it. Add plug-ins to the kernel and set FunctionChoiceBehavior.", error.Message);
    }

    [Fact]
    public void Freeze_ThenChange_IsRefused()
    {
        var settings = new LlamaPromptExecutionSettings { StopSequences = ["a"] };
        settings.Freeze();

        Assert.Throws<InvalidOperationException>(() => settings.Temperature = 1);
        Assert.Throws<InvalidOperationException>(() => settings.Use(options => options.UsePriority(1)));
        Assert.Throws<NotSupportedException>(() => settings.StopSequences!.Add("b"));
        Assert.Equal(0.5f, ((LlamaPromptExecutionSettings)settings.Clone()).Temperature = 0.5f);
    }

    [Fact]
    public void FromExecutionSettings_FunctionChoice_IsKept()
    {
        var settings = new PromptExecutionSettings { FunctionChoiceBehavior = FunctionChoiceBehavior.Auto() };

        Assert.Same(settings.FunctionChoiceBehavior, LlamaPromptExecutionSettings.FromExecutionSettings(settings).FunctionChoiceBehavior);
        Assert.Null(LlamaPromptExecutionSettings.FromExecutionSettings(null).Temperature);
    }

    private static void AssertCarried(ChatOptions sent)
    {
        Assert.Equal((0.5f, 0.5f, 7, 11L), (sent.Temperature, sent.TopP, sent.TopK, sent.Seed));
        Assert.Equal((12, 0.25f, 0.75f), (sent.MaxOutputTokens, sent.FrequencyPenalty, sent.PresencePenalty));
        Assert.Equal(["END"], sent.StopSequences);
        Assert.Equal(["0.125", "a+"], ((string[])["llama.min_p", "llama.regex"]).Select(key => sent.AdditionalProperties![key]!.ToString()));
    }

    private static async Task<ChatOptions> SendAsync(PromptExecutionSettings settings)
    {
        var client = new RecordingClient();
        await client.AsChatCompletionService().GetChatMessageContentAsync("hi", settings);
        return client.Options!;
    }

    private sealed class RecordingClient : IChatClient
    {
        public ChatOptions? Options { get; private set; }

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            Options = options;
            return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "hello")));
        }

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
