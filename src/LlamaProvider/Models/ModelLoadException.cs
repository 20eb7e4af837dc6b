using LlamaProvider.Decoding;

namespace LlamaProvider.Models;

/// <summary>A model file is missing, damaged, or not a language model that can be run.</summary>
public sealed class ModelLoadException : LlamaException
{
    /// <summary>Creates the error.</summary>
    /// <param name="path">The model file.</param>
    /// <param name="message">The value, the rule and the remedy.</param>
    /// <param name="innerException">The error underneath, if there is one.</param>
    public ModelLoadException(string path, string message, Exception? innerException = null)
        : base(message, innerException) => Path = path;

    /// <summary>The model file.</summary>
    public string Path { get; }
}
