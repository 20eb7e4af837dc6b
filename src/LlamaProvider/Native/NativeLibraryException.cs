using LlamaProvider.Decoding;

namespace LlamaProvider.Native;

/// <summary>llama.cpp's libraries are missing, cannot be loaded, or are not a version that this library knows.</summary>
public sealed class NativeLibraryException : LlamaException
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">The value, the rule and the remedy.</param>
    /// <param name="innerException">The error underneath, if there is one.</param>
    public NativeLibraryException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
