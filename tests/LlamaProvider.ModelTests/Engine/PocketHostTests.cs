using LlamaProvider.DependencyInjection;
using LlamaProvider.TestSupport;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LlamaProvider.ModelTests.Engine;

public sealed class PocketHostTests
{
    [Fact]
    public async Task Host_SeveralModels_EachIsItsOwnEngine()
    {
        var log = new Lines();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddProvider(log);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Models:chat:ModelPath"] = TestFiles.PocketChat,
            ["Models:chat:Threads"] = "1",
            ["Models:chat:LoadAtStart"] = "true",
        });
        builder.Services.AddLlamaEngine("chat", builder.Configuration.GetSection("Models:chat"));
        builder.Services.AddLlamaChatClient("chat");
        builder.Services.AddLlamaEngine("search", options => (options.ModelPath, options.Threads, options.ContextLength) = (TestFiles.PocketChat, 1, 512));
        builder.Services.AddLlamaEmbeddingGenerator("search", options => options.QueryPrefix = "query: ").UseLogging();
        builder.Services.AddHealthChecks().AddLlamaEngine("chat", "chat");
        using IHost host = builder.Build();

        await host.StartAsync();
        Assert.Contains(log.All, line => line.StartsWith("Loading ", StringComparison.Ordinal) && line.EndsWith("pocket-chat.Q8_0.gguf", StringComparison.Ordinal));
        Assert.Contains(log.All, line => line.Contains("tokens of context and 32 sequences", StringComparison.Ordinal));
        Assert.Equal(1, log.All.Count(line => line.StartsWith("Loaded ", StringComparison.Ordinal)));

        ChatResponse answer = await host.Services.GetRequiredKeyedService<IChatClient>("chat").GetResponseAsync("What is the capital of Italy?");
        var generator = host.Services.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>("search");
        ReadOnlyMemory<float> vector = await generator.GenerateVectorAsync("Rome");

        Assert.Equal("The capital of Italy is Rome.", answer.Text);
        LlamaEngine search = host.Services.GetRequiredKeyedService<LlamaEngine>("search");
        Assert.Same(search, generator.GetService<LlamaEngine>());
        Assert.NotSame(search, host.Services.GetRequiredKeyedService<LlamaEngine>("chat"));
        Assert.Equal((512, search.Model.Description.HiddenSize), (search.Limits.Cells, vector.Length));
        await host.StopAsync();
        Assert.False(search.GetSnapshot().IsRunning);
        Assert.Equal(2, log.All.Count(line => line.StartsWith("Stopping ", StringComparison.Ordinal)));
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        private readonly List<string> _lines = [];

        public string[] All
        {
            get
            {
                lock (_lines)
                {
                    return [.. _lines];
                }
            }
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_lines)
            {
                _lines.Add(formatter(state, exception));
            }
        }

        public void Dispose()
        {
        }
    }
}
