namespace LlamaProvider.Tool.Diagnosis;

/// <summary>Finds out about llama.cpp. Loads it, so that what is said is what an engine would get.</summary>
internal interface INativeProbe
{
    NativeReport Probe();
}

/// <summary>What is found of llama.cpp.</summary>
internal sealed record NativeReport
{
    /// <summary>Its version; <see langword="null"/> when it cannot be loaded.</summary>
    public string? Version { get; init; }

    /// <summary>The folder that it was taken from.</summary>
    public string? Directory { get; init; }

    /// <summary>What named the folder: the environment, the program's own folder, or one above it.</summary>
    public string? FoundBy { get; init; }

    /// <summary>Kinds of back ends in the folder: <c>cpu</c>, <c>cuda</c>, <c>vulkan</c>, <c>metal</c>.</summary>
    public IReadOnlyList<string> BackEnds { get; init; } = [];

    public IReadOnlyList<DeviceReport> Devices { get; init; } = [];

    /// <summary>Why it has no GPU, and what to do; <see langword="null"/> when it has one.</summary>
    public string? MissingGpu { get; init; }

    /// <summary>Why it cannot be loaded, and what to do.</summary>
    public string? Problem { get; init; }
}

/// <summary>Something to compute on.</summary>
/// <param name="Name">llama.cpp's name for it.</param>
/// <param name="Description">The name that people know it by.</param>
/// <param name="Kind"><c>cpu</c>, <c>gpu</c>, <c>integrated gpu</c>, <c>accelerator</c> or <c>other</c>.</param>
/// <param name="FreeBytes">Memory that is free on it.</param>
/// <param name="TotalBytes">Memory that it has.</param>
internal sealed record DeviceReport(string Name, string Description, string Kind, long FreeBytes, long TotalBytes);
