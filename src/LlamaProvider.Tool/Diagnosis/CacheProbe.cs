using LlamaProvider.Downloads;

namespace LlamaProvider.Tool.Diagnosis;

/// <summary>What is known of a folder of the cache.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Exists">Whether it is there; the first download makes it.</param>
/// <param name="Models">Models in it.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="FreeBytes">Bytes that are free on its disk; <see langword="null"/> where the system does not tell it.</param>
/// <param name="Problem">Why it cannot be written; <see langword="null"/> when it can.</param>
internal sealed record CacheReport(string Folder, bool Exists, int Models, long Bytes, long? FreeBytes, string? Problem);

/// <summary>Looks at the folders of the cache.</summary>
internal static class CacheProbe
{
    public static IReadOnlyList<CacheReport> Probe(ModelDownloadOptions options)
    {
        IReadOnlyList<CachedModel> models = LlamaModels.ListCached(options);
        return [.. LlamaModels.GetCacheFolders(options).Select(folder => Probe(folder, models))];
    }

    private static CacheReport Probe(string folder, IReadOnlyList<CachedModel> models)
    {
        CachedModel[] inside = [.. models.Where(model => Path.GetFullPath(model.Path).StartsWith(Path.GetFullPath(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal))];
        string existing = Path.GetFullPath(folder);
        while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { } parent)
        {
            existing = parent;
        }

        (long? free, string? problem) = Try(existing);
        return new CacheReport(folder, Directory.Exists(folder), inside.Length, inside.Sum(static model => model.Bytes), free, problem);
    }

    private static (long? Free, string? Problem) Try(string folder)
    {
        try
        {
            using (new FileStream(Path.Combine(folder, $".{Guid.NewGuid():N}"), new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.DeleteOnClose }))
            {
                return (new DriveInfo(folder).AvailableFreeSpace, null);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return (null, error.Message);
        }
    }
}
