using LlamaProvider.DependencyInjection;
using LlamaProvider.TestSupport.Scripted;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LlamaProvider.Tests.DependencyInjection;

public sealed class LlamaEngineHealthCheckTests
{
    private static readonly ScriptedModel Model = ScriptedModel.Answering(ScriptedVocabulary.Bytes(), _ => new string('x', 3000));

    [Fact]
    public async Task Check_OverAnEnginesLife_FollowsIt()
    {
        using LlamaEngine engine = LlamaEngine.Create(Model, new LlamaEngineOptions { QueueLimit = 1, Sequences = 1 });
        await using ServiceProvider services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(engine)
            .AddHealthChecks().AddLlamaEngine().Services
            .BuildServiceProvider();
        var health = services.GetRequiredService<HealthCheckService>();

        HealthReport idle = await health.CheckHealthAsync();
        Assert.Equal((HealthStatus.Healthy, "scripted"), (idle.Status, idle.Entries["llama"].Data["model"]));

        await using (IAsyncEnumerator<ChatResponseUpdate> stream = engine.CreateChatClient().GetStreamingResponseAsync("go").GetAsyncEnumerator())
        {
            await stream.MoveNextAsync();
            HealthReport full = await health.CheckHealthAsync();
            Assert.Equal((HealthStatus.Degraded, "The engine holds 1 requests, as many as it may."), (full.Status, full.Entries["llama"].Description));
        }

        engine.Dispose();
        HealthReport ended = await health.CheckHealthAsync();
        Assert.Equal((HealthStatus.Unhealthy, "The engine takes no requests."), (ended.Status, ended.Entries["llama"].Description));
    }
}
