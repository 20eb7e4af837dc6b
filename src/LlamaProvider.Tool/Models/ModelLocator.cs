using LlamaProvider.Downloads;

namespace LlamaProvider.Tool.Models;

/// <summary>Finds the file of what a user wrote for a model.</summary>
/// <param name="downloads">Where the cache is and where models come from.</param>
/// <param name="builtInModels">A folder with models that come with the program.</param>
internal sealed class ModelLocator(ModelDownloadOptions downloads, string builtInModels)
{
    public const string Accepted = "a file, a name that 'list' shows, hf:OWNER/REPO:QUANTIZATION, hf:OWNER/REPO/FILE.gguf or an address";

    /// <summary>A file for an engine: one of this machine, of the cache, one that comes with the program, or else downloaded.</summary>
    public async Task<string> LocateAsync(string model, IProgress<ModelDownloadProgress>? progress, CancellationToken cancellationToken)
    {
        if (File.Exists(model))
        {
            return model;
        }

        if (LlamaModels.IsRemote(model))
        {
            return await LlamaModels.DownloadAsync(model, downloads, progress, cancellationToken);
        }

        string? path = ModelNames.Find(LlamaModels.ListCached(downloads), model)?.Path ?? FindBuiltIn(model);
        return path
            ?? (ModelNames.ToSource(model) is { } source ? await LlamaModels.DownloadAsync(source, downloads, progress, cancellationToken) : throw Unknown(model));
    }

    /// <summary>A model of the cache; nothing is downloaded.</summary>
    /// <exception cref="ToolException">The cache has no such model.</exception>
    public async Task<CachedModel> FindCachedAsync(string model, CancellationToken cancellationToken)
    {
        IReadOnlyList<CachedModel> models = LlamaModels.ListCached(downloads);
        if (ModelNames.Find(models, model) is { } found)
        {
            return found;
        }

        if (ModelNames.ToSource(model) is { } source)
        {
            try
            {
                // By quantization, and by address: what a download without a network finds.
                downloads.Offline = true;
                string path = await LlamaModels.DownloadAsync(source, downloads, cancellationToken: cancellationToken);
                return models.First(candidate => candidate.Files.Contains(path));
            }
            catch (ModelDownloadException)
            {
                // Said below in terms of the cache.
            }
        }

        throw new ToolException($"The cache has no model '{model}'. {(models.Count == 0 ? "It is empty; 'pull' downloads a model." : $"Name one of its models:{ModelNames.List(models)}")}");
    }

    /// <summary>What to download for a text, which may be a name of the cache.</summary>
    public string ToSource(string model)
    {
        CachedModel? cached = ModelNames.Find(LlamaModels.ListCached(downloads), model);
        if (cached is not null)
        {
            return ModelNames.ToSource(cached.Name) ?? throw new ToolException($"'{model}' came from an address that the cache does not keep. Name the address.");
        }

        return ModelNames.ToSource(model)
            ?? throw new ToolException($"'{model}' is nothing to download. Write hf:OWNER/REPO:QUANTIZATION, hf:OWNER/REPO/FILE.gguf, or an address that begins with https://.");
    }

    private string? FindBuiltIn(string model) => Directory.Exists(builtInModels)
        ? Directory.EnumerateFiles(builtInModels, "*.gguf").Order(StringComparer.Ordinal).FirstOrDefault(file => Path.GetFileName(file).Equals(model, StringComparison.OrdinalIgnoreCase) || Path.GetFileName(file).StartsWith($"{model}.", StringComparison.OrdinalIgnoreCase))
        : null;

    private static ToolException Unknown(string model) => new($"There is no model '{model}'. Name {Accepted}; 'pull' downloads a model.");
}
