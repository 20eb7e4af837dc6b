using LlamaProvider.Downloads.Transfer;

namespace LlamaProvider.Downloads.Cache;

/// <summary>A file under its own name, with the server's tag for it beside it (<c>name.gguf.etag</c>), as llama.cpp keeps models of plain addresses.</summary>
internal sealed class UrlCache(string folder, string name) : IModelCache
{
    private readonly string _path = Path.Combine(folder, name);

    private string TagPath => $"{_path}.etag";

    public string? Find() => File.Exists(_path) ? _path : null;

    /// <summary>Two addresses may have files of the same name, so the size must be the same too.</summary>
    public string? FindCurrent(RemoteFile remote)
    {
        bool isSame = File.Exists(_path)
            && (remote.Size is null || new FileInfo(_path).Length == remote.Size)
            && (remote.Tag is null || (File.Exists(TagPath) && File.ReadAllText(TagPath) == remote.Tag));
        return isSame ? _path : null;
    }

    public string ContentPath(RemoteFile remote) => _path;

    public string Publish(RemoteFile remote)
    {
        if (remote.Tag is { } tag)
        {
            File.WriteAllText(TagPath, tag);
        }
        else
        {
            File.Delete(TagPath);
        }

        return _path;
    }
}
