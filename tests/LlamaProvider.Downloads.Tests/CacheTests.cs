using LlamaProvider.Downloads.Cache;

namespace LlamaProvider.Downloads.Tests;

public sealed class CacheTests : DownloadTest
{
    public static TheoryData<string, string> Folders { get; } = new()
    {
        { "LLAMA_CACHE=/l;HF_HUB_CACHE=/h;XDG_CACHE_HOME=/x", "/l" },
        { "HF_HUB_CACHE=/h;HUGGINGFACE_HUB_CACHE=/g;HF_HOME=/f", "/h" },
        { "HUGGINGFACE_HUB_CACHE=/g;HF_HOME=/f", "/g" },
        { "HF_HOME=/f;XDG_CACHE_HOME=/x", Path.Combine("/f", "hub") },
        { "XDG_CACHE_HOME=/x", Path.Combine("/x", "huggingface", "hub") },
        { "LLAMA_CACHE=;HF_HUB_CACHE=/h", "/h" },
    };

    [Theory]
    [MemberData(nameof(Folders))]
    public void HubFolder_ByEnvironment_IsLlamaCpps(string variables, string expected)
    {
        Dictionary<string, string> values = variables.Split(';').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);

        Assert.Equal(expected, CacheFolders.ForHub(new ModelDownloadOptions { Environment = values.GetValueOrDefault }));
    }

    [Fact]
    public void UrlFolder_WithoutLlamaCache_IsTheUsersFolderForCaches()
    {
        Assert.Equal("/l", CacheFolders.ForUrls(new ModelDownloadOptions { Environment = static name => name == "LLAMA_CACHE" ? "/l" : null }));
        Assert.EndsWith("llama.cpp", CacheFolders.ForUrls(new ModelDownloadOptions { Environment = static _ => null }), StringComparison.Ordinal);
        Assert.Equal("/mine", CacheFolders.ForUrls(new ModelDownloadOptions { CacheFolder = "/mine" }));
    }

    [Fact]
    public async Task Download_DiskTooSmall_SaysWhatIsNeededBeforeAnythingIsRead()
    {
        ModelDownloadException error = await FailAsync(options => options.FreeSpace = static _ => 1000);

        Assert.Equal(
            $"Cannot download '{Url}': 5000000 more bytes are needed, but the disk of '{Cache}' has 1000. Make room, or set another CacheFolder.", error.Message);
        Assert.DoesNotContain(Hub.Requests, request => !request.IsProbe);
        AssertAbsent();
    }

    [Fact]
    public async Task Download_FolderCannotBeMade_SaysSo()
    {
        string file = Path.GetTempFileName();
        try
        {
            ModelDownloadException error = await FailAsync(options => options.CacheFolder = Path.Combine(file, "cache"));

            Assert.StartsWith($"Cannot download '{Url}': the cache cannot be written (", error.Message, StringComparison.Ordinal);
            Assert.EndsWith(" Check the folder's permissions and room, or set another CacheFolder.", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Download_StateOfAnEarlierAttemptIsDamaged_BeginsAgain()
    {
        Directory.CreateDirectory(Cache);
        await File.WriteAllBytesAsync($"{UrlFile}.partial", new byte[6_000_000]);
        await File.WriteAllTextAsync($"{UrlFile}.partial.json", "{\"Parts\":[");

        AssertWhole(await DownloadAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Download_CommitHasMovedOn_SharesContentOrBringsIt(bool sameContent)
    {
        string repository = Path.Combine(Cache, "models--owner--repo");
        await LlamaModels.DownloadAsync("hf:owner/repo/model.gguf", Options());
        Directory.Move(Path.Combine(repository, "snapshots", FileHub.Commit), Path.Combine(repository, "snapshots", "old"));
        Hub.Content = sameContent ? Hub.Content : FileHub.Bytes(9);
        Hub.Tag = "\"other\"";
        int before = Hub.Requests.Count;

        AssertWhole(await LlamaModels.DownloadAsync("hf:owner/repo/model.gguf", Options()));

        Assert.Equal(sameContent, Hub.Requests.Skip(before).All(request => request.IsProbe));
    }

    [Fact]
    public async Task Download_LinkWithoutContent_IsBroughtAgain()
    {
        string path = await LlamaModels.DownloadAsync("hf:owner/repo/model.gguf", Options());
        Directory.Delete(Path.Combine(Cache, "models--owner--repo", "blobs"), recursive: true);

        AssertWhole(await LlamaModels.DownloadAsync("hf:owner/repo/model.gguf", Options()));
        Assert.True(File.Exists(path));
    }

    public static TheoryData<Action<ModelDownloadOptions>, string> WrongOptions { get; } = new()
    {
        { options => options.Parts = 0, "Parts is '0', but must be from 1 to 32." },
        { options => options.Attempts = 101, "Attempts is '101', but must be from 1 to 100." },
        { options => options.RetryDelay = TimeSpan.FromSeconds(-1), "RetryDelay is '-00:00:01', but must be from 0 to 1 day." },
        { options => options.LongestWait = TimeSpan.FromSeconds(-1), "LongestWait is '-00:00:01', but must be 0 or more." },
        { options => options.StallTimeout = TimeSpan.Zero, "StallTimeout is '00:00:00', but must be from 10 ms to 1 day." },
        { options => options.Revision = "../main", "Revision is '../main', but must name a branch, tag or commit." },
        { options => options.Sha256 = "12", "Sha256 is '12', but must have 64 hexadecimal digits." },
    };

    [Theory]
    [MemberData(nameof(WrongOptions), DisableDiscoveryEnumeration = true)]
    public async Task Download_OptionOutOfRange_IsRefused(Action<ModelDownloadOptions> configure, string message)
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(() => DownloadAsync(configure));

        Assert.StartsWith($"{message} Change the option or leave it unset.", error.Message, StringComparison.Ordinal);
        Assert.Empty(Hub.Requests);
    }
}
