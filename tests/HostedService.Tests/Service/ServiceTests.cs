using System.Text.Json;
using OpenAI.Models;

namespace HostedService.Tests.Service;

/// <summary>What the service says of itself, and how it ends.</summary>
public sealed class ServiceTests(DefaultService shared)
{
    private readonly TestService _service = shared.Service;

    [Fact]
    public async Task GetModels_OpenAIsClient_ListsThem()
    {
        OpenAIModelClient client = _service.CreateOpenAI().GetOpenAIModelClient();

        OpenAIModel model = Assert.Single((await client.GetModelsAsync()).Value);

        Assert.Equal((TestService.Model, "llama.cpp"), (model.Id, model.OwnedBy));
        Assert.Equal(TestService.Model, (await client.GetModelAsync(TestService.Model)).Value.Id);
    }

    [Fact]
    public async Task GetHealth_RunningEngine_IsOk()
    {
        JsonElement health = JsonElement.Parse(await _service.Http.GetStringAsync("/health"));

        Assert.Equal("ok", health.GetProperty("status").GetString());
        Assert.Equal(2048, health.GetProperty("models").GetProperty(TestService.Model).GetProperty("cells").GetInt32());
    }

    [Fact]
    public async Task GetMetrics_AfterARequest_HasTheEnginesAndTheServers()
    {
        using HttpResponseMessage answer = await _service.PostAsync("/v1/chat/completions", """{"model":"pocket-chat","messages":[{"role":"user","content":"What is 12 + 30?"}]}""");
        Assert.True(answer.IsSuccessStatusCode);

        // Scrapes within a moment of each other are answered from one collection.
        string metrics = "";
        for (int attempt = 0; attempt < 100 && !metrics.Contains("llama_requests_total", StringComparison.Ordinal); attempt++)
        {
            metrics = await _service.Http.GetStringAsync("/metrics");
            await Task.Delay(50);
        }

        Assert.Contains("llama_requests_total{", metrics, StringComparison.Ordinal);
        Assert.Contains("http_server_request_duration_seconds_bucket{", metrics, StringComparison.Ordinal);
        Assert.Contains("gen_ai_client_token_usage", metrics, StringComparison.Ordinal);
        Assert.Contains("dotnet_process_memory_working_set_bytes", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_WhileAnswering_LetsTheAnswerEnd()
    {
        await using TestService service = await TestService.StartAsync();
        byte[] request = """{"model":"pocket-chat","stream":true,"max_tokens":300,"messages":[{"role":"user","content":"Tell me a story."}],"logit_bias":{"0":-100,"2":-100}}"""u8.ToArray();
        using HttpResponseMessage response = await service.PostAsync("/v1/chat/completions", request, HttpCompletionOption.ResponseHeadersRead);

        Task stopping = service.App.StopAsync();
        string body = await response.Content.ReadAsStringAsync();
        await stopping;

        Assert.Contains("\"finish_reason\":\"length\"", body, StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", body, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => service.Http.GetAsync("/health"));
    }

    [Fact]
    public async Task Stop_AnswerThatDoesNotEnd_IsCutAfterTheTimeout()
    {
        await using TestService service = await TestService.StartAsync("--Service:ShutdownTimeout=00:00:00.200");
        using HttpResponseMessage response = await service.StartEndlessStreamAsync();

        await service.App.StopAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => response.Content.ReadAsStringAsync());
        Assert.False(service.Engine.GetSnapshot().IsRunning);
    }
}
