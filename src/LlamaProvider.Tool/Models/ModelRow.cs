using LlamaProvider.Downloads;

namespace LlamaProvider.Tool.Models;

/// <summary>A model of the cache, as commands show it.</summary>
internal sealed record ModelRow(string Name, string Path, long Bytes, int Files, bool IsComplete, DateTimeOffset Modified)
{
    public static ModelRow Of(CachedModel model) => new(model.Name, model.Path, model.Bytes, model.Files.Count, model.IsComplete, model.Modified);
}
