namespace LlamaProvider.ModelTests;

/// <summary>A file that only llama.cpp itself can refuse: everything is well formed, but no version knows the architecture.</summary>
internal static class UnknownArchitecture
{
    /// <param name="source">A model of the architecture <c>llama</c>.</param>
    /// <param name="path">Where the file is written.</param>
    /// <returns>The same path.</returns>
    public static string Write(string source, string path)
    {
        byte[] bytes = File.ReadAllBytes(source);
        for (int place = bytes.AsSpan().IndexOf("llama"u8); place >= 0; place = bytes.AsSpan().IndexOf("llama"u8))
        {
            bytes[place] = (byte)'x';
        }

        File.WriteAllBytes(path, bytes);
        return path;
    }
}
