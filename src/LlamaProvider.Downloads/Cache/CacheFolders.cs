namespace LlamaProvider.Downloads.Cache;

/// <summary>llama.cpp's folders (<c>hf_cache::get_cache_directory</c>, <c>fs_get_cache_directory</c>).</summary>
internal static class CacheFolders
{
    public static string ForHub(ModelDownloadOptions options) =>
        options.CacheFolder
        ?? options.Variable("LLAMA_CACHE")
        ?? options.Variable("HF_HUB_CACHE")
        ?? options.Variable("HUGGINGFACE_HUB_CACHE")
        ?? (options.Variable("HF_HOME") is { } home ? Path.Combine(home, "hub") : null)
        ?? Path.Combine(options.Variable("XDG_CACHE_HOME") ?? Path.Combine(Home, ".cache"), "huggingface", "hub");

    public static string ForUrls(ModelDownloadOptions options) => options.CacheFolder ?? options.Variable("LLAMA_CACHE") ?? Path.Combine(
        OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
        : OperatingSystem.IsMacOS() ? Path.Combine(Home, "Library", "Caches")
        : options.Variable("XDG_CACHE_HOME") ?? Path.Combine(Home, ".cache"),
        "llama.cpp");

    private static string Home => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
}
