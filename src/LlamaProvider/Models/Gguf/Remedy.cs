namespace LlamaProvider.Models.Gguf;

/// <summary>The last sentence of a message: what to do about a file that cannot be loaded.</summary>
internal static class Remedy
{
    /// <summary>Bytes are missing or wrong.</summary>
    public const string CopyAgain = "The file is damaged or incomplete: download or copy it again.";

    /// <summary>The bytes may be as written, but what was written cannot be used.</summary>
    public const string ConvertAgain = "The file is damaged or was converted wrongly: download it again, or convert it again with a current " +
        "llama.cpp.";

    /// <summary>The file is newer than the native runtime.</summary>
    public const string TooNew = "The file needs a newer llama.cpp than v0.5.0, or is damaged: choose another quantization of the model or " +
        "download it again.";
}
