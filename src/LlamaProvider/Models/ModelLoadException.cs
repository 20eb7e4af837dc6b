using LlamaProvider.Decoding;

namespace LlamaProvider.Models;

/// <summary>
/// A model cannot be loaded: the file is missing, damaged, of another format, or describes a model that the native runtime
/// cannot run. Raised before native code sees the file, because native code may end the process instead.
/// </summary>
public sealed class ModelLoadException : LlamaException
{
    /// <summary>Creates the error.</summary>
    /// <param name="path">The model file that cannot be loaded.</param>
    /// <param name="problem">The value that was wrong, the rule it breaks and what to do about it.</param>
    /// <param name="innerException">The error underneath, if there is one.</param>
    public ModelLoadException(string path, string problem, Exception? innerException = null)
        : base($"Cannot load the model '{path}': {problem}", innerException)
    {
        Path = path;
        Problem = problem;
    }

    /// <summary>The model file that cannot be loaded; of a split model, the shard at fault.</summary>
    public string Path { get; }

    /// <summary>The message without the file.</summary>
    internal string Problem { get; }
}
