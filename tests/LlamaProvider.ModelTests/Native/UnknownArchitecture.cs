using LlamaProvider.TestSupport;

namespace LlamaProvider.ModelTests.Native;

/// <summary>A file that only llama.cpp itself can refuse: everything is well formed, but no version knows the architecture.</summary>
internal static class UnknownArchitecture
{
    public static string Write(string folder)
    {
        byte[] bytes = File.ReadAllBytes(TestFiles.PocketDraft);
        for (int place = bytes.AsSpan().IndexOf("llama"u8); place >= 0; place = bytes.AsSpan().IndexOf("llama"u8))
        {
            bytes[place] = (byte)'x';
        }

        string path = Path.Combine(folder, "unknown.gguf");
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
