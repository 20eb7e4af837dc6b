namespace LlamaProvider.Downloads;

/// <summary>A model that the cache has.</summary>
public sealed record CachedModel
{
    /// <summary>What names it: <c>hf:owner/repo/file.gguf</c>, which can be downloaded again, or of other addresses the file's name.</summary>
    public required string Name { get; init; }

    /// <summary>The file, for <c>LlamaEngineOptions.ModelPath</c>; of a model in several files the first.</summary>
    public required string Path { get; init; }

    /// <summary>All of its files.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>Bytes of all files.</summary>
    public required long Bytes { get; init; }

    /// <summary>When the newest of its files was written.</summary>
    public required DateTimeOffset Modified { get; init; }

    /// <summary>Whether all files are there; a model in several files whose download has not ended lacks some.</summary>
    public required bool IsComplete { get; init; }
}
