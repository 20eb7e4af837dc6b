namespace LlamaProvider.Downloads.Tests;

/// <summary>A server and a cache for one test.</summary>
public abstract class DownloadTest : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("downloads");

    private protected FileHub Hub { get; private set; } = null!;

    private protected string Cache => Path.Combine(_folder.FullName, "cache");

    private protected string Url => new Uri(Hub.Address, "/files/model.gguf").AbsoluteUri;

    private protected string UrlFile => Path.Combine(Cache, "model.gguf");

    public async ValueTask InitializeAsync() => Hub = await FileHub.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    private protected ModelDownloadOptions Options(Action<ModelDownloadOptions>? configure = null)
    {
        var options = new ModelDownloadOptions { CacheFolder = Cache, HubEndpoint = Hub.Address, RetryDelay = TimeSpan.Zero, Offline = false, Environment = static _ => null };
        configure?.Invoke(options);
        return options;
    }

    private protected Task<string> DownloadAsync(Action<ModelDownloadOptions>? configure = null) => LlamaModels.DownloadAsync(Url, Options(configure), Hub.Arrivals);

    private protected Task<ModelDownloadException> FailAsync(Action<ModelDownloadOptions>? configure = null) => Assert.ThrowsAsync<ModelDownloadException>(() => DownloadAsync(configure));

    private protected void AssertWhole(string path) => Assert.True(File.ReadAllBytes(path).AsSpan().SequenceEqual(Hub.Content), "The file is not the server's.");

    /// <summary>No file is left whose name says that it is a model.</summary>
    private protected void AssertAbsent() => Assert.Empty(Directory.Exists(Cache) ? Directory.EnumerateFiles(Cache, "*.gguf", SearchOption.AllDirectories) : []);
}
