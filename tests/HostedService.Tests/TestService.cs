using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text;
using LlamaProvider;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using OpenAI;

namespace HostedService.Tests;

/// <summary>The service on a free port of this machine, with the settings of appsettings.json and those of a test.</summary>
public sealed class TestService : IAsyncDisposable
{
    public const string Model = "pocket-chat";

    private TestService(WebApplication app)
    {
        App = app;
        Address = new Uri(app.Urls.First());
        Http = new HttpClient { BaseAddress = Address };
    }

    public WebApplication App { get; }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public LlamaEngine Engine => App.Services.GetRequiredKeyedService<LlamaEngine>(Model);

    public FakeLogCollector Log => App.Services.GetFakeLogCollector();

    public static async Task<TestService> StartAsync(params string[] settings)
    {
        WebApplication app = ServiceApplication.Create(
            ["--Urls=http://127.0.0.1:0", "--Models:pocket-chat:Engine:Threads=1", .. settings], static builder => builder.Logging.ClearProviders().AddFakeLogging());
        await app.StartAsync();
        return new TestService(app);
    }

    /// <summary>The real client of OpenAI's API.</summary>
    public OpenAIClient CreateOpenAI(string key = "none") => new(
        new ApiKeyCredential(key), new OpenAIClientOptions { Endpoint = new Uri(Address, "/v1"), RetryPolicy = new ClientRetryPolicy(maxRetries: 0) });

    /// <summary>Sends a body as it is.</summary>
    public Task<HttpResponseMessage> PostAsync(string path, string json, CancellationToken cancellationToken = default) =>
        PostAsync(path, Encoding.UTF8.GetBytes(json), HttpCompletionOption.ResponseContentRead, cancellationToken);

    public async Task<HttpResponseMessage> PostAsync(
        string path, byte[] body, HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        return await Http.SendAsync(request, completion, cancellationToken);
    }

    /// <summary>A stream that goes on for as long as it is read: the end is forbidden, and what fills the context is forgotten.</summary>
    public Task<HttpResponseMessage> StartEndlessStreamAsync(int n = 1) => PostAsync(
        "/v1/chat/completions", Encoding.UTF8.GetBytes(EndlessRequest(stream: true, n)), HttpCompletionOption.ResponseHeadersRead);

    public static string EndlessRequest(bool stream, int n = 1) => $$"""
        {"model":"{{Model}}","stream":{{(stream ? "true" : "false")}},"n":{{n}},"messages":[{"role":"user","content":"Tell me a story."}],
         "logit_bias":{"0":-100,"2":-100},"max_tokens":1000000,"llama.context_overflow":"shift"}
        """;

    /// <summary>Waits until the engine holds no requests.</summary>
    public async Task WaitForIdleAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (Engine.GetSnapshot() is { RunningRequests: > 0 } or { WaitingRequests: > 0 })
        {
            await Task.Delay(10, patience.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await App.DisposeAsync();
    }
}

/// <summary>One service for all tests that need nothing special.</summary>
public sealed class DefaultService : IAsyncLifetime
{
    public TestService Service { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Service = await TestService.StartAsync();

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}
