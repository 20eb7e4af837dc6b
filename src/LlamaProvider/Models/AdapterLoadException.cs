using LlamaProvider.Decoding;

namespace LlamaProvider.Models;

/// <summary>A LoRA adapter cannot be loaded: the file is missing or damaged, or was made for another model. Raised before native code sees the file.</summary>
public sealed class AdapterLoadException : LlamaException
{
    /// <summary>Creates the error.</summary>
    /// <param name="name">The name that the adapter is registered by.</param>
    /// <param name="path">Its file.</param>
    /// <param name="problem">The value that was wrong, the rule it breaks and what to do about it.</param>
    /// <param name="innerException">The error underneath, if there is one.</param>
    public AdapterLoadException(string name, string path, string problem, Exception? innerException = null)
        : base($"Cannot load the adapter '{name}' from '{path}': {problem}", innerException)
    {
        Name = name;
        Path = path;
    }

    /// <summary>The name that the adapter is registered by.</summary>
    public string Name { get; }

    /// <summary>Its file.</summary>
    public string Path { get; }
}
