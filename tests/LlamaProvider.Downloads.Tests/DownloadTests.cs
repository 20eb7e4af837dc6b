using System.Collections.Concurrent;

namespace LlamaProvider.Downloads.Tests;

public sealed class DownloadTests : DownloadTest
{
    [Fact]
    public async Task Download_Url_IsWholeInPartsAndThenOfTheCache()
    {
        var reports = new ConcurrentQueue<ModelDownloadProgress>();

        string path = await LlamaModels.DownloadAsync(Url, Options(options => options.Sha256 = Hub.Sha256), new Collector(reports));

        Assert.Equal(UrlFile, path);
        AssertWhole(path);
        Assert.Equal([0L, 1_250_000, 2_500_000, 3_750_000], Hub.Requests.Where(request => !request.IsProbe).Select(request => request.Start).Order());
        Assert.All(Hub.Requests.Where(request => !request.IsProbe), request => Assert.Equal("\"first\"", request.IfRange));
        Assert.Equal(new ModelDownloadProgress("model.gguf", 1, 1, 5_000_000, 5_000_000), reports.MaxBy(report => report.ReceivedBytes));
        Assert.Equal(["model.gguf", "model.gguf.etag", "model.gguf.lock"], Directory.GetFiles(Cache).Select(Path.GetFileName).Order());

        int before = Hub.Requests.Count;
        Assert.Equal(path, await DownloadAsync());
        Assert.True(Assert.Single(Hub.Requests.Skip(before)).IsProbe);
    }

    [Fact]
    public async Task Download_ServerWithoutRanges_IsWhole()
    {
        Hub.HasRanges = false;

        AssertWhole(await DownloadAsync());

        Assert.Equal(2, Hub.Requests.Count);
    }

    [Fact]
    public async Task Download_ServerHasANewFile_ReplacesTheOld()
    {
        await DownloadAsync();
        (Hub.Content, Hub.Tag) = (FileHub.Bytes(2, 3_000_000), "\"second\"");

        AssertWhole(await DownloadAsync());
    }

    [Fact]
    public async Task Download_Hub_LiesInHuggingFacesLayoutAndKeepsTheKeyFromOthers()
    {
        string path = await LlamaModels.DownloadAsync("hf:owner/repo.name/sub/model.gguf", Options(options => options.Environment = name => name == "HF_TOKEN" ? "hf_secret" : null));

        string repository = Path.Combine(Cache, "models--owner--repo.name");
        Assert.Equal(Path.Combine(repository, "snapshots", FileHub.Commit, "sub", "model.gguf"), path);
        AssertWhole(path);
        AssertWhole(Path.Combine(repository, "blobs", Hub.Sha256));
        Assert.Equal(Path.Combine("..", "..", "..", "blobs", Hub.Sha256), new FileInfo(path).LinkTarget);
        Assert.Equal(FileHub.Commit, await File.ReadAllTextAsync(Path.Combine(repository, "refs", "main")));
        Assert.Equal("/owner/repo.name/resolve/main/sub/model.gguf", Hub.Requests[0].Path);
        Assert.All(Hub.Requests, request => Assert.Equal(request.Host == "127.0.0.1" ? "Bearer hf_secret" : null, request.Authorization));
        Assert.Contains(Hub.Requests, request => request.Host == "localhost");
    }

    [Fact]
    public async Task Download_HubAgain_AsksOnceAndReadsNothing()
    {
        string path = await LlamaModels.DownloadAsync("hf:owner/repo/model.gguf", Options());
        int before = Hub.Requests.Count;

        Assert.Equal(path, await LlamaModels.DownloadAsync("hf:owner/repo/model.gguf", Options()));
        Assert.All(Hub.Requests.Skip(before), request => Assert.True(request.IsProbe));
    }

    [Fact]
    public async Task Download_ModelInParts_BringsAllAndNamesTheFirst()
    {
        string path = await LlamaModels.DownloadAsync("hf:owner/repo/big-00002-of-00003.gguf", Options());

        Assert.Equal("big-00001-of-00003.gguf", Path.GetFileName(path));
        Assert.Equal(
            ["big-00001-of-00003.gguf", "big-00002-of-00003.gguf", "big-00003-of-00003.gguf"], Directory.GetFiles(Path.GetDirectoryName(path)!).Select(Path.GetFileName).Order());
        var error = await Assert.ThrowsAsync<ModelDownloadException>(() => LlamaModels.DownloadAsync("hf:owner/repo/big-00001-of-00003.gguf", Options(options => options.Sha256 = Hub.Sha256)));
        Assert.Equal("Cannot download 'hf:owner/repo/big-00001-of-00003.gguf': Sha256 is set, but the model has 3 files. Leave it unset.", error.Message);
    }

    [Fact]
    public async Task Download_SameFileTwiceAtOnce_IsReadOnce()
    {
        string[] paths = await Task.WhenAll(DownloadAsync(), DownloadAsync(), DownloadAsync());

        Assert.All(paths, path => Assert.Equal(UrlFile, path));
        AssertWhole(paths[0]);
        Assert.Equal(4, Hub.Requests.Count(request => !request.IsProbe));
    }

    [Fact]
    public async Task Download_AnotherProcessHasTheLock_WaitsAndTakesItsFile()
    {
        Directory.CreateDirectory(Cache);
        Task<string> download;
        using (new FileStream($"{UrlFile}.lock", FileMode.Create, FileAccess.ReadWrite, FileShare.None))
        {
            download = DownloadAsync();
            await File.WriteAllBytesAsync(UrlFile, Hub.Content);
            await File.WriteAllTextAsync($"{UrlFile}.etag", "first");
            Assert.False(download.IsCompleted);
        }

        Assert.Equal(UrlFile, await download);
        Assert.DoesNotContain(Hub.Requests, request => !request.IsProbe);
    }

    [Fact]
    public async Task Download_Offline_TakesTheCacheAndAsksNoOne()
    {
        string path = await LlamaModels.DownloadAsync("hf:owner/repo/model.gguf", Options());
        int before = Hub.Requests.Count;

        Assert.Equal(path, await LlamaModels.DownloadAsync("hf:owner/repo/model.gguf", Options(options => options.Offline = true)));
        Assert.Equal(path, await LlamaModels.DownloadAsync("hf:owner/repo/model.gguf", Options(options => (options.Offline, options.Environment) = (null, name => name == "HF_HUB_OFFLINE" ? "1" : null))));
        var error = await Assert.ThrowsAsync<ModelDownloadException>(() => LlamaModels.DownloadAsync("hf:owner/repo/other.gguf", Options(options => options.Offline = true)));

        Assert.Equal(
            $"Cannot download '{Hub.Address}owner/repo/resolve/main/other.gguf': the cache alone is looked at (offline), and the cache does not have it. " +
            "Download it while the server can be reached, or name a file.",
            error.Message);
        Assert.Equal(before, Hub.Requests.Count);
    }

    [Fact]
    public async Task Download_ServerGone_TakesTheCacheOrSaysSo()
    {
        string path = await DownloadAsync();
        string url = Url;
        await Hub.DisposeAsync();

        Assert.Equal(path, await LlamaModels.DownloadAsync(url, new ModelDownloadOptions { CacheFolder = Cache, Attempts = 2, RetryDelay = TimeSpan.Zero }));
        File.Delete(path);
        var error = await Assert.ThrowsAsync<ModelDownloadException>(() => LlamaModels.DownloadAsync(url, new ModelDownloadOptions { CacheFolder = Cache, Attempts = 2, RetryDelay = TimeSpan.Zero }));
        Assert.StartsWith($"Cannot download '{url}': '127.0.0.1' does not answer (", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Locate_PathOrRemote_IsToldApart()
    {
        Assert.Equal("models/a.gguf", await LlamaModels.LocateAsync("models/a.gguf"));
        AssertWhole(await LlamaModels.LocateAsync(Url, Options()));
        Assert.True(LlamaModels.IsRemote("hf:a/b/c.gguf"));
        Assert.False(LlamaModels.IsRemote("hf.gguf"));
    }

    [Theory]
    [InlineData("hf:owner", "it names no repository. Write hf:owner/repo/file.gguf, as the repository's list of files shows it, or hf:owner/repo:QUANTIZATION, for example hf:owner/repo:Q4_K_M.")]
    [InlineData("hf:owner/repo:Q4_K_M:Q8_0", "it names no file of a repository. Write hf:owner/repo/file.gguf, as the repository's list of files shows it, or hf:owner/repo:QUANTIZATION, for example hf:owner/repo:Q4_K_M.")]
    [InlineData("hf:owner/repo:Q4_K*", "it names no file of a repository. Write hf:owner/repo/file.gguf, as the repository's list of files shows it, or hf:owner/repo:QUANTIZATION, for example hf:owner/repo:Q4_K_M.")]
    [InlineData("hf:own er/repo/a.gguf", "it names no file of a repository. Write hf:owner/repo/file.gguf, as the repository's list of files shows it, or hf:owner/repo:QUANTIZATION, for example hf:owner/repo:Q4_K_M.")]
    [InlineData("hf:../repo/a.gguf", "it names no file of a repository. Write hf:owner/repo/file.gguf, as the repository's list of files shows it, or hf:owner/repo:QUANTIZATION, for example hf:owner/repo:Q4_K_M.")]
    [InlineData("hf:owner/repo/../a.gguf", "'../a.gguf' is no name of a GGUF file. Name a file that ends with .gguf.")]
    [InlineData("hf:owner/repo/a.safetensors", "'a.safetensors' is no name of a GGUF file. Name a file that ends with .gguf.")]
    [InlineData("https://example.com/", "'' is no name of a GGUF file. Name a file that ends with .gguf.")]
    [InlineData("ftp://example.com/a.gguf", "it is no address. Write hf:owner/repo/file.gguf, or an address that begins with https://.")]
    public async Task Download_NoSource_SaysWhatIsOne(string source, string problem) =>
        Assert.Equal($"Cannot download '{source}': {problem}", (await Assert.ThrowsAsync<ModelDownloadException>(() => LlamaModels.DownloadAsync(source, Options()))).Message);

    private sealed class Collector(ConcurrentQueue<ModelDownloadProgress> reports) : IProgress<ModelDownloadProgress>
    {
        public void Report(ModelDownloadProgress value) => reports.Enqueue(value);
    }
}
