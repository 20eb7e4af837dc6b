using System.Text.Json;
using LlamaProvider.Reranking;
using LlamaProvider.TestSupport.Models;
using Microsoft.Extensions.DependencyInjection;

namespace HostedService.Tests.Service;

/// <summary>A service with a small random reranker beside the chat model.</summary>
public sealed class RerankingService : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rerank");

    public TestService Service { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        string path = Path.Combine(_folder.FullName, "ranker.gguf");
        new TinyEncoder(hasHead: true, pooling: 4).Write(path);
        Service = await TestService.StartAsync(
            $"--Models:ranker:Engine:ModelPath={path}", "--Models:ranker:Engine:Threads=1", "--Models:ranker:Rerank=true", "--Models:ranker:Reranker:Normalize=true",
            "--Models:pocket-chat:Rerank=true");
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}

public sealed class RerankTests(RerankingService shared) : IClassFixture<RerankingService>
{
    private const string Request = """{"model":"ranker","query":"the capital","documents":["rome",{"text":"paris"},"a b c"]""";
    private readonly TestService _service = shared.Service;

    [Theory]
    [InlineData("/v1/rerank")]
    [InlineData("/reranking")]
    public async Task Rerank_Documents_GivesTheEnginesScores(string path)
    {
        RerankResult expected = await _service.App.Services.GetRequiredKeyedService<LlamaReranker>("ranker").RerankAsync("the capital", ["rome", "paris", "a b c"]);

        using HttpResponseMessage response = await _service.PostAsync(path, $"{Request}}}");

        JsonElement body = JsonElement.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(("list", "ranker"), (body.GetProperty("object").GetString(), body.GetProperty("model").GetString()));
        Assert.Equal(
            expected.Documents.Select(static document => (document.Index, document.Score)),
            body.GetProperty("results").EnumerateArray().Select(static result => (result.GetProperty("index").GetInt32(), result.GetProperty("relevance_score").GetSingle())));
        Assert.Equal(expected.Usage.InputTokenCount, body.GetProperty("usage").GetProperty("prompt_tokens").GetInt64());
        Assert.All(body.GetProperty("results").EnumerateArray(), static result => Assert.False(result.TryGetProperty("document", out _)));
    }

    [Fact]
    public async Task Rerank_TopNWithDocuments_ReturnsTheBestAndTheirTexts()
    {
        using HttpResponseMessage response = await _service.PostAsync("/v1/rerank", $$"""{{Request}},"top_n":2,"return_documents":true}""");

        JsonElement results = JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("results");
        string[] documents = ["rome", "paris", "a b c"];
        Assert.Equal(2, results.GetArrayLength());
        Assert.All(results.EnumerateArray(), result => Assert.Equal(documents[result.GetProperty("index").GetInt32()], result.GetProperty("document").GetProperty("text").GetString()));
    }

    [Fact]
    public async Task Rerank_TooLong_IsRefusedOrCut()
    {
        string text = string.Join(' ', Enumerable.Repeat("a", 100));
        string request = $$"""{"model":"ranker","query":"rome","documents":["{{text}}"]""";

        using HttpResponseMessage refused = await _service.PostAsync("/v1/rerank", $"{request}}}");
        using HttpResponseMessage cut = await _service.PostAsync("/v1/rerank", $$"""{{request}},"llama.truncate":true,"llama.priority":-1}""");

        ErrorObject error = await ErrorObject.ReadAsync(refused);
        Assert.Equal((400, "documents[0]"), ((int)error.Status, error.Param));
        Assert.Equal(200, (int)cut.StatusCode);
    }

    [Theory]
    [InlineData("""{"model":"ranker","documents":["a"]}""", "query", "Missing required parameter: 'query'.")]
    [InlineData("""{"model":"ranker","query":"","documents":["a"]}""", "query", "The query is empty, so no document can be relevant to it. Say what is searched for.")]
    [InlineData("""{"model":"ranker","query":"a"}""", "documents", "Missing required parameter: 'documents'.")]
    [InlineData("""{"model":"ranker","query":"a","documents":[]}""", "documents", "Invalid 'documents': it has 0, but must have from 1 to 2048. Send them in several requests.")]
    [InlineData("""{"model":"ranker","query":"a","documents":["a",1]}""", "documents[1]", "Invalid type for 'documents[1]': expected a string or an object with 'text', but got an integer instead.")]
    [InlineData("""{"model":"ranker","query":"a","documents":["a"],"top_n":0}""", "top_n", "Invalid 'top_n': integer below minimum value. Expected a value >= 1, but got 0 instead.")]
    [InlineData("""{"model":"ranker","query":"a","documents":["a"],"llama.truncate":1}""", "llama.truncate", "Invalid type for 'llama.truncate': expected a boolean, but got an integer instead.")]
    [InlineData("""{"model":"ranker","query":"a","documents":["a"],"llama.min_p":1}""", "llama.min_p", "Unknown parameter: 'llama.min_p'. Remove it; options of this server that OpenAI's API does not have are written with a prefix, such as 'llama.truncate' and 'llama.priority'.")]
    public async Task Rerank_WrongRequest_IsRefused(string request, string param, string message)
    {
        using HttpResponseMessage response = await _service.PostAsync("/v1/rerank", request);

        ErrorObject error = await ErrorObject.ReadAsync(response);
        Assert.Equal((400, message, param), ((int)error.Status, error.Message, error.Param));
    }

    [Fact]
    public async Task Rerank_ModelWithoutHead_IsRefused()
    {
        using HttpResponseMessage response = await _service.PostAsync("/v1/rerank", """{"model":"pocket-chat","query":"a","documents":["a"]}""");

        ErrorObject error = await ErrorObject.ReadAsync(response);
        Assert.Equal(400, (int)error.Status);
        Assert.EndsWith("Choose a reranker, such as bge-reranker-v2-m3 or Qwen3-Reranker.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rerank_ModelNotServedForIt_IsRefused()
    {
        await using TestService service = await TestService.StartAsync();
        using HttpResponseMessage response = await service.PostAsync("/v1/rerank", """{"model":"pocket-chat","query":"a","documents":["a"]}""");

        ErrorObject error = await ErrorObject.ReadAsync(response);
        Assert.Equal((400, "The model 'pocket-chat' is not served for reranking. Use one of these: none.", "model"), ((int)error.Status, error.Message, error.Param));
    }
}
