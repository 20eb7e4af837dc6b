using System.Net.Http.Json;
using System.Text.Json;
using LlamaProvider.TestSupport;
using LlamaProvider.Tool.Hosting;

namespace LlamaProvider.Tool.Tests.Hosting;

public sealed class ServeTests : ToolTest
{
    [Fact]
    public void Configuration_ChatModel_ServesChatAndEmbeddings()
    {
        IReadOnlyDictionary<string, string?> settings = new ServiceSettings
        {
            ModelPath = "/m/a:b.gguf", ContextLength = 512, Sequences = 2, Threads = 3, ApiKeys = ["first-key-of-two", "second-key-of-two"],
        }.ToConfiguration(pooling: null);

        Assert.Equal(
            [
                "Logging:Console:LogToStandardErrorThreshold=Trace", "Logging:LogLevel:Default=Warning", "Models:a-b:Chat=true", "Models:a-b:Embeddings=true", "Models:a-b:Engine:ContextLength=512", "Models:a-b:Engine:LoadAtStart=true",
                $"Models:a-b:Engine:ModelPath={Path.GetFullPath("/m/a:b.gguf")}", "Models:a-b:Engine:Sequences=2", "Models:a-b:Engine:Threads=3", "Models:a-b:Rerank=false",
                "Service:ApiKeys:0=first-key-of-two", "Service:ApiKeys:1=second-key-of-two",
            ],
            settings.Select(pair => $"{pair.Key}={pair.Value}").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("mean", "false", "true", "false")]
    [InlineData("rank", "false", "false", "true")]
    public void Configuration_OtherModels_ServeWhatTheyCan(string pooling, string chat, string embeddings, string rerank)
    {
        IReadOnlyDictionary<string, string?> settings = new ServiceSettings { ModelPath = "m.gguf", Name = "n" }.ToConfiguration(pooling);

        Assert.Equal((chat, embeddings, rerank), (settings["Models:n:Chat"], settings["Models:n:Embeddings"], settings["Models:n:Rerank"]));
    }

    [Theory]
    [InlineData("localhost", 8080, "http://localhost:8080")]
    [InlineData("localhost", 0, "http://127.0.0.1:0")]
    [InlineData("0.0.0.0", 0, "http://0.0.0.0:0")]
    public void Url_HostAndPort_CanBeListenedAt(string host, int port, string expected) => Assert.Equal(expected, new ServiceSettings { ModelPath = "m.gguf", Host = host, Port = port }.Url);

    [Fact]
    public async Task Serve_Model_AnswersUntilInterrupted()
    {
        using var output = new AnnouncingWriter();
        using var error = new StringWriter();
        Task<int> serving = new ToolApplication(CreateContext(output, error, TextReader.Null)).RunAsync(
            ["serve", TestFiles.PocketChat, "--name", "pocket", "--port", "0", "--threads", "1", "--context", "1024", "--sequences", "2"]);
        await Task.WhenAny(output.Line, serving).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.True(output.Line.IsCompleted, error.ToString());
        string announced = await output.Line;
        Assert.StartsWith("pocket is served at http://127.0.0.1:", announced, StringComparison.Ordinal);

        using var client = new HttpClient { BaseAddress = new Uri(announced.Split(' ')[4]) };
        using HttpResponseMessage response = await client.PostAsJsonAsync(
            "/v1/chat/completions",
            new { model = "pocket", temperature = 0, messages = new[] { new { role = "user", content = "What is the capital of France?" } } },
            TestContext.Current.CancellationToken);
        JsonElement answer = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        JsonElement models = await client.GetFromJsonAsync<JsonElement>("/v1/models", TestContext.Current.CancellationToken);

        Assert.Equal("The capital of France is Paris.", answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
        Assert.Equal(["pocket"], models.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()));
        Assert.True(Interrupts.Raise());
        Assert.Equal(ExitCodes.Success, await serving.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Serve_ShortKey_SaysWhatIsWrong()
    {
        ToolResult result = await RunAsync("serve", TestFiles.PocketChat, "--port", "0", "--api-key", "short");

        Assert.Equal(
            new ToolResult(ExitCodes.Failure, "", "Service:ApiKeys:0 has 5 characters, but a key needs 16 or more, so that it cannot be guessed. Choose a longer one.\n"), result);
    }

    /// <summary>Tells when the first line has been written.</summary>
    private sealed class AnnouncingWriter : StringWriter
    {
        private readonly TaskCompletionSource<string> _line = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> Line => _line.Task;

        public override void WriteLine(string? value) => _line.TrySetResult(value ?? "");
    }
}
