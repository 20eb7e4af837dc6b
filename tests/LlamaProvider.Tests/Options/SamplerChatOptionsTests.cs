using System.Text.Json;
using System.Text.Json.Nodes;
using LlamaProvider.Decoding.Sampling;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;

namespace LlamaProvider.Tests.Options;

/// <summary>A pipeline on ChatOptions survives whatever frameworks do with options.</summary>
public sealed class SamplerChatOptionsTests
{
    private static readonly SamplerPipeline Pipeline = SamplerPipeline.Create(s => s
        .LogitBias(new Dictionary<int, double> { [3] = double.NegativeInfinity, [4] = 1.5 })
        .Penalties(repeat: 1.1, frequency: 0.2, presence: 0.1, lastTokens: 128)
        .Dry(sequenceBreakers: ["\n", "\""])
        .TopK(40)
        .Typical(.9)
        .TopP(.95)
        .MinP(.05)
        .Custom("boost", new JsonObject { ["words"] = new JsonArray("a", "b") })
        .Temperature(.7)
        .MirostatV2(tau: 4));

    [Fact]
    public void UseSamplers_ReadBack_IsThePipeline()
    {
        var options = new ChatOptions();

        Assert.Null(options.GetSamplers());
        Assert.Same(options, options.UseSamplers(Pipeline));
        Assert.Equal(Pipeline, options.GetSamplers());
        Assert.IsType<JsonElement>(options.AdditionalProperties!["llama.samplers"]);
    }

    [Fact]
    public void Clone_Options_KeepsThePipelineAndIsIndependent()
    {
        ChatOptions options = new ChatOptions().UseSamplers(Pipeline);
        ChatOptions clone = options.Clone();
        options.UseSamplers(SamplerPipeline.Deterministic);

        Assert.Equal(Pipeline, clone.GetSamplers());
    }

    [Fact]
    public void Json_RoundTripOfOptions_KeepsThePipeline()
    {
        string json = JsonSerializer.Serialize(new ChatOptions().UseSamplers(Pipeline), AIJsonUtilities.DefaultOptions);

        Assert.Equal(Pipeline, JsonSerializer.Deserialize<ChatOptions>(json, AIJsonUtilities.DefaultOptions)!.GetSamplers());
    }

    public static TheoryData<object> Forms { get; } = new(
        Pipeline,
        Pipeline.ToJson(),
        Pipeline.ToString(),
        JsonDocument.Parse(Pipeline.ToString()),
        JsonNode.Parse(Pipeline.ToString())!,
        JsonSerializer.SerializeToElement(Pipeline.ToString()),
        Pipeline.ToJson().EnumerateArray().Select(stage => (object)stage));

    [Theory]
    [MemberData(nameof(Forms), DisableDiscoveryEnumeration = true)]
    public void GetSamplers_AnyFormOfTheValue_IsThePipeline(object value) =>
        Assert.Equal(Pipeline, new ChatOptions { AdditionalProperties = new() { ["llama.samplers"] = value } }.GetSamplers());

    [Fact]
    public async Task DistributedCache_SamePipeline_HitsAndAnotherMisses()
    {
        var inner = new CountingChatClient();
        using var cache = new DistributedCachingChatClient(inner, new MemoryDistributedCache(Microsoft.Extensions.Options.Options.Create(new MemoryDistributedCacheOptions())));

        await cache.GetResponseAsync("hi", new ChatOptions().UseSamplers(Pipeline));
        await cache.GetResponseAsync("hi", new ChatOptions().UseSamplers(SamplerPipeline.FromJson(Pipeline.ToJson())));
        Assert.Equal(1, inner.Calls);

        await cache.GetResponseAsync("hi", new ChatOptions().UseSamplers(SamplerPipeline.Create(s => s.TopK(41))));
        Assert.Equal(2, inner.Calls);
    }

    [Fact]
    public async Task SemanticKernel_SettingsFromJson_ReachTheClient()
    {
        var client = new CountingChatClient();
        PromptExecutionSettings settings = JsonSerializer.Deserialize<PromptExecutionSettings>(
            $$"""{"temperature": 0.3, "llama.samplers": {{Pipeline}}, "llama.min_p": 0.2}""")!;

        await client.AsChatCompletionService().GetChatMessageContentAsync("hi", settings);

        Assert.Equal(Pipeline, client.LastOptions!.GetSamplers());
        Assert.Equal("0.2", client.LastOptions!.AdditionalProperties!["llama.min_p"]!.ToString());
    }

    private sealed class CountingChatClient : IChatClient
    {
        public int Calls { get; private set; }

        public ChatOptions? LastOptions { get; private set; }

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            Calls++;
            LastOptions = options;
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
