using LlamaProvider.Devices;

namespace LlamaProvider.Native;

/// <summary>How a model file is loaded.</summary>
internal sealed record LlamaCppModelOptions
{
    /// <summary>The folder with llama.cpp's libraries, or <see langword="null"/> to find it.</summary>
    public string? NativeDirectory { get; init; }

    /// <summary>Layers placed on a GPU; <see langword="null"/> for all that the back end can take.</summary>
    public int? GpuLayers { get; init; }

    /// <summary>How several GPUs share the model; <see langword="null"/> for llama.cpp's own way.</summary>
    public LlamaSplitMode? SplitMode { get; init; }

    /// <summary>The GPU that has the model, or leads the others; <see langword="null"/> for the first.</summary>
    public string? MainDevice { get; init; }

    /// <summary>LoRA adapters to load with the model: files by name.</summary>
    public IReadOnlyDictionary<string, string> Adapters { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the file is mapped into memory instead of read.</summary>
    public bool MemoryMap { get; init; } = true;

    /// <summary>Whether the weights are kept from being swapped out.</summary>
    public bool MemoryLock { get; init; }
}
