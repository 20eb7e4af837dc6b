using System.Net;
using LlamaProvider.Downloads.Hub;
using Microsoft.AspNetCore.Http;

namespace LlamaProvider.Downloads.Tests;

public sealed class QuantizationTests : DownloadTest
{
    private const string Forms = "Name one of its files:";

    [Theory]
    [InlineData("hf:owner/repo:Q4_K_M", "model-Q4_K_M.gguf")]
    [InlineData("hf:owner/repo:q8_0", "model.Q8_0.gguf")]
    [InlineData("hf:owner/repo:IQ4_K_M", "model-IQ4_K_M.gguf")]
    [InlineData("hf:owner/repo:UD-Q6_K", "model-UD-Q6_K.gguf")]
    [InlineData("hf:owner/repo:BF16", "BF16/model-BF16-00001-of-00002.gguf")]
    [InlineData("hf:owner/repo:F32", "F32/model.gguf")]
    [InlineData("hf:owner/repo", "model-Q4_K_M.gguf")]
    [InlineData("hf:owner/repo:latest", "model-Q4_K_M.gguf")]
    public void Choose_Quantization_IsTheFileWithIt(string source, string expected)
    {
        string[] paths =
        [
            "README.md", "model-IQ4_K_M.gguf", "mmproj-model-Q8_0.gguf", "model-Q4_K_M.gguf", "model.Q8_0.gguf", "model-UD-Q6_K.gguf", "BF16/model-BF16-00002-of-00002.gguf", "BF16/model-BF16-00001-of-00002.gguf",
            "F32/model.gguf", "imatrix-Q4_K_M.gguf",
        ];

        Assert.Equal(expected, Choose(source, paths));
    }

    [Fact]
    public void Choose_NothingAskedForAndNoQ4_K_M_IsQ8_0() => Assert.Equal("model-Q8_0.gguf", Choose("hf:owner/repo", "model-Q2_K.gguf", "model-Q8_0.gguf"));

    [Theory]
    [InlineData("hf:owner/repo:Q5_K_M", "the repository has no file of Q5_K_M. " + Forms + "\n  hf:owner/repo/model-F16.gguf\n  hf:owner/repo/sub/model-Q2_K.gguf")]
    [InlineData("hf:owner/repo", "the repository has no file of Q4_K_M or Q8_0. " + Forms + "\n  hf:owner/repo/model-F16.gguf\n  hf:owner/repo/sub/model-Q2_K.gguf")]
    public void Choose_NoFileHasIt_ListsTheFiles(string source, string problem)
    {
        var error = Assert.Throws<ModelDownloadException>(() => Choose(source, "model-F16.gguf", "config.json", "sub/model-Q2_K.gguf"));

        Assert.Equal($"Cannot download '{source}': {problem}", error.Message);
    }

    [Fact]
    public void Choose_SeveralFilesHaveIt_ListsThem()
    {
        var error = Assert.Throws<ModelDownloadException>(() => Choose("hf:owner/repo:Q4_K_M", "7b-Q4_K_M.gguf", "13b-Q4_K_M.gguf", "7b-Q8_0.gguf"));

        Assert.Equal("Cannot download 'hf:owner/repo:Q4_K_M': the repository has 2 files of Q4_K_M. Name one of them:\n  hf:owner/repo/13b-Q4_K_M.gguf\n  hf:owner/repo/7b-Q4_K_M.gguf", error.Message);
    }

    [Fact]
    public void Choose_ManyFiles_ListsTwenty()
    {
        var error = Assert.Throws<ModelDownloadException>(() => Choose("hf:owner/repo", [.. Enumerable.Range(10, 25).Select(number => $"{number}-Q2_K.gguf")]));

        Assert.EndsWith("\n  hf:owner/repo/29-Q2_K.gguf\n  and 5 more", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Choose_NoModel_SaysSo()
    {
        var error = Assert.Throws<ModelDownloadException>(() => Choose("hf:owner/repo", "model.safetensors", "mmproj-F16.gguf"));

        Assert.Equal("Cannot download 'hf:owner/repo': the repository has no GGUF file of a model for 'owner/repo'. Choose a repository with GGUF files; their names often end with -GGUF.", error.Message);
    }

    [Fact]
    public async Task Download_Quantization_AsksForTheListAndBringsTheFile()
    {
        Hub.Tree = [["README.md", "sub/"], ["sub/model-Q8_0.gguf", "sub/model-Q4_K_M.gguf"]];

        string path = await LlamaModels.DownloadAsync("hf:owner/repo:q8_0", Options(options => options.Token = "hf_secret"));

        Assert.EndsWith(Path.Combine("snapshots", FileHub.Commit, "sub", "model-Q8_0.gguf"), path, StringComparison.Ordinal);
        AssertWhole(path);
        SeenRequest[] lists = [.. Hub.Requests.Where(request => request.Path.StartsWith("/api/", StringComparison.Ordinal))];
        Assert.Equal(["/api/models/owner/repo/tree/main", "/api/models/owner/repo/tree/main"], lists.Select(request => request.Path));
        Assert.All(lists, request => Assert.Equal("Bearer hf_secret", request.Authorization));
    }

    [Fact]
    public async Task Download_PathOfTheListLeavesTheFolder_IsRefused()
    {
        Hub.Tree = [["../../x-Q4_K_M.gguf"]];

        var error = await Assert.ThrowsAsync<ModelDownloadException>(() => LlamaModels.DownloadAsync("hf:owner/repo", Options()));

        Assert.Equal("Cannot download 'hf:owner/repo/../../x-Q4_K_M.gguf': '../../x-Q4_K_M.gguf' is no name of a GGUF file. Name a file that ends with .gguf.", error.Message);
    }

    [Fact]
    public async Task Download_NoSuchRepository_SaysSo()
    {
        Hub.InterceptTree = static (context, _) => FileHub.AnswerAsync(context, 404);

        var error = await Assert.ThrowsAsync<ModelDownloadException>(() => LlamaModels.DownloadAsync("hf:owner/repo", Options()));

        Assert.Equal(HttpStatusCode.NotFound, error.StatusCode);
        Assert.StartsWith($"Cannot download '{Hub.Address}api/models/owner/repo/tree/main?recursive=true': the server answers 404", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Download_ListIsAPage_SaysSo()
    {
        Hub.InterceptTree = static async (context, _) =>
        {
            await context.Response.WriteAsync("<html>");
            return true;
        };

        var error = await Assert.ThrowsAsync<ModelDownloadException>(() => LlamaModels.DownloadAsync("hf:owner/repo", Options()));

        Assert.Equal("Cannot download 'hf:owner/repo': what the hub answers is no list of files. Check the hub's address (MODEL_ENDPOINT, HF_ENDPOINT), or name the file.", error.Message);
    }

    [Fact]
    public async Task Download_ListStalls_IsTakenFromTheCache()
    {
        string path = await LlamaModels.DownloadAsync("hf:owner/repo", Options());
        Hub.InterceptTree = static async (context, _) =>
        {
            await context.Response.WriteAsync("[");
            await context.Response.Body.FlushAsync();
            var left = new TaskCompletionSource();
            using CancellationTokenRegistration registration = context.RequestAborted.Register(left.SetResult);
            await left.Task;
            return true;
        };

        Assert.Equal(path, await LlamaModels.DownloadAsync("hf:owner/repo", Options(options => options.StallTimeout = TimeSpan.FromMilliseconds(300))));
    }

    [Fact]
    public async Task Download_Offline_ChoosesAmongTheFilesOfTheCache()
    {
        string path = await LlamaModels.DownloadAsync("hf:owner/repo:Q4_K_M", Options());
        int before = Hub.Requests.Count;

        Assert.Equal(path, await LlamaModels.DownloadAsync("hf:owner/repo", Options(options => options.Offline = true)));
        var error = await Assert.ThrowsAsync<ModelDownloadException>(() => LlamaModels.DownloadAsync("hf:owner/repo:Q8_0", Options(options => options.Offline = true)));

        Assert.Equal(before, Hub.Requests.Count);
        Assert.Equal(
            "Cannot download 'hf:owner/repo:Q8_0': the cache alone is looked at (offline), and the cache has no file of Q8_0. Name one of its files:\n  hf:owner/repo/model-Q4_K_M.gguf", error.Message);
    }

    [Fact]
    public async Task Download_OfflineAndNothingCached_SaysSo()
    {
        var error = await Assert.ThrowsAsync<ModelDownloadException>(() => LlamaModels.DownloadAsync("hf:owner/repo", Options(options => options.Offline = true)));

        Assert.Equal(
            "Cannot download 'hf:owner/repo': the cache alone is looked at (offline), and the cache has no file of the repository. Download it while the server can be reached, or name a file.", error.Message);
        Assert.Empty(Hub.Requests);
    }

    [Fact]
    public async Task Download_HubDoesNotAnswer_SaysSo()
    {
        var error = await Assert.ThrowsAsync<ModelDownloadException>(() => LlamaModels.DownloadAsync("hf:owner/repo", Options(options => (options.HubEndpoint, options.Attempts) = (new Uri("http://127.0.0.1:9"), 1))));

        Assert.StartsWith("Cannot download 'hf:owner/repo': '127.0.0.1' does not answer (", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("), and the cache has no file of the repository. Download it while the server can be reached, or name a file.", error.Message, StringComparison.Ordinal);
    }

    private static string Choose(string source, params string[] paths) => QuantizationChoice.Choose(source, HubReference.Parse(source), paths, "the repository");
}
