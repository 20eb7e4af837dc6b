using LlamaProvider.Downloads.Transfer;

namespace LlamaProvider.Downloads.Cache;

/// <summary>Where one file of a model is kept.</summary>
internal interface IModelCache
{
    /// <summary>The file as it is in the cache; <see langword="null"/> when it is not.</summary>
    string? Find();

    /// <summary>The file, if it is what the server has now; <see langword="null"/> when not.</summary>
    string? FindCurrent(RemoteFile remote);

    /// <summary>Where the content of a file on a server goes when it is whole.</summary>
    string ContentPath(RemoteFile remote);

    /// <summary>The content has arrived at its place: gives it its name.</summary>
    /// <returns>The file.</returns>
    string Publish(RemoteFile remote);
}
