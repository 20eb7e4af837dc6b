using LlamaProvider.Downloads.Cache;
using LlamaProvider.Downloads.Hub;

namespace LlamaProvider.Downloads;

/// <summary>Gets model files from Hugging Face or any other address, once, into the cache that llama.cpp's own tools use.</summary>
public static class LlamaModels
{
    /// <summary>Whether a model is one to be downloaded, and not a file's path.</summary>
    /// <param name="model">What a user wrote: <c>hf:owner/repo/file.gguf</c>, <c>hf:owner/repo:QUANTIZATION</c>, an address, or a path.</param>
    public static bool IsRemote(string model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.StartsWith(HubReference.Prefix, StringComparison.OrdinalIgnoreCase)
            || model.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
            || model.StartsWith("http://", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The path of a model: downloaded if it is remote (<see cref="IsRemote"/>), else as it is.</summary>
    /// <param name="model">What a user wrote: <c>hf:owner/repo/file.gguf</c>, <c>hf:owner/repo:QUANTIZATION</c>, an address, or a path, which is not looked at.</param>
    /// <param name="options">Where it comes from and goes to; the environment's and the defaults when <see langword="null"/>.</param>
    /// <param name="progress">Receives how far it is.</param>
    /// <param name="cancellationToken">Ends the download; what has arrived is kept and gone on with next time.</param>
    /// <returns>A file for <c>LlamaEngineOptions.ModelPath</c>.</returns>
    /// <exception cref="ModelDownloadException">The model could not be had; no file is left that looks like one.</exception>
    public static Task<string> LocateAsync(
        string model, ModelDownloadOptions? options = null, IProgress<ModelDownloadProgress>? progress = null, CancellationToken cancellationToken = default) =>
        IsRemote(model) ? DownloadAsync(model, options, progress, cancellationToken) : Task.FromResult(model);

    /// <summary>Downloads a model, or finds it in the cache when the server has no newer one.</summary>
    /// <remarks>
    /// The file is asked for in parallel parts and goes on where an earlier attempt ended, as long as the server says that it is the same file. It gets its name only when it is whole
    /// and its SHA-256 (given, or told by Hugging Face) is right. Of a model in several files (<c>-00001-of-00003.gguf</c>) all are downloaded. Several processes may ask for the same
    /// file at once: one downloads, the others wait. Where the server cannot be reached, a file in the cache is taken as it is.
    /// </remarks>
    /// <param name="source">
    /// <c>hf:owner/repo/file.gguf</c>, with folders if the repository has some; <c>hf:owner/repo:Q4_K_M</c> for the repository's file of a quantization, which its name tells, and <c>hf:owner/repo</c> for
    /// that of <c>Q4_K_M</c> or else <c>Q8_0</c>; or an <c>https</c> address of a GGUF file.
    /// </param>
    /// <param name="options">Where it comes from and goes to; the environment's and the defaults when <see langword="null"/>. Read during the call only.</param>
    /// <param name="progress">Receives how far it is, on the threads of the transfer, one report at a time.</param>
    /// <param name="cancellationToken">Ends the download; what has arrived is kept and gone on with next time.</param>
    /// <returns>The file; of several the first.</returns>
    /// <exception cref="ModelDownloadException">The model could not be had; no file is left that looks like one.</exception>
    public static async Task<string> DownloadAsync(
        string source, ModelDownloadOptions? options = null, IProgress<ModelDownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        options ??= new ModelDownloadOptions();
        options.Validate();
        using var downloader = new ModelDownloader(options, progress);
        return await downloader.RunAsync(source, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The models that the cache has, by name. Those of llama.cpp's own tools are among them.</summary>
    /// <param name="options">Where the cache is; the environment's and the defaults when <see langword="null"/>.</param>
    public static IReadOnlyList<CachedModel> ListCached(ModelDownloadOptions? options = null) => CacheContents.List(options ?? new ModelDownloadOptions());

    /// <summary>Takes a model out of the cache, with what was kept of earlier commits. Contents that other models share stay.</summary>
    /// <remarks>A download of the same file is waited for. A process that has the model loaded keeps it, except on Windows, where that is an error.</remarks>
    /// <param name="model">One of <see cref="ListCached"/>.</param>
    /// <param name="options">Where the cache is, as for <see cref="ListCached"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The bytes that are free now.</returns>
    /// <exception cref="ModelRemovalException">A file could not be deleted.</exception>
    public static Task<long> RemoveCachedAsync(CachedModel model, ModelDownloadOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        return CacheRemoval.RemoveAsync(model, options ?? new ModelDownloadOptions(), cancellationToken);
    }

    /// <summary>The folders of the cache, which need not exist: Hugging Face's, and that of other addresses where it is another one.</summary>
    /// <param name="options">What may name another; the environment's and the defaults when <see langword="null"/>.</param>
    public static IReadOnlyList<string> GetCacheFolders(ModelDownloadOptions? options = null)
    {
        options ??= new ModelDownloadOptions();
        return [.. new[] { CacheFolders.ForHub(options), CacheFolders.ForUrls(options) }.Distinct(StringComparer.Ordinal)];
    }
}
