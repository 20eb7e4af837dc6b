using System.Buffers.Binary;
using System.Text;

namespace LlamaProvider.Models.Gguf;

/// <summary>Says what a file that is not GGUF looks like: usually the wrong file of a repository, or a page instead of a download.</summary>
internal static class FileSignature
{
    /// <summary>The bytes at the start of a file that <see cref="Describe"/> looks at.</summary>
    public const int Bytes = 512;

    /// <summary>The problem with a file whose first bytes are these.</summary>
    public static string Describe(ReadOnlySpan<byte> start)
    {
        var text = start.TrimStart(" \t\r\n\uFEFF"u8);
        return start switch
        {
            _ when start.StartsWith("version https://git-lfs"u8) =>
                "it is a Git LFS pointer, not the model it points to. Run 'git lfs pull' in the repository, or download the file itself.",
            _ when start.StartsWith("PK\u0003\u0004"u8) =>
                "it is a ZIP archive or a PyTorch checkpoint, not a GGUF file. Extract the GGUF file, or convert the checkpoint with llama.cpp.",
            _ when StartsWith(start, 0x1F, 0x8B) || StartsWith(start, 0x37, 0x7A, 0xBC, 0xAF) || StartsWith(start, 0x28, 0xB5, 0x2F, 0xFD) =>
                "it is a compressed archive, not a GGUF file. Extract the GGUF file first.",
            _ when StartsWith(start, 0x80, 0x02) =>
                "it is a Python pickle, not a GGUF file. Convert the checkpoint with llama.cpp.",
            _ when IsSafetensors(start) =>
                "it is a safetensors file, not a GGUF file. Download a GGUF version of the model, or convert it with llama.cpp.",
            _ when start.StartsWith("tjgg"u8) || start.StartsWith("fmgg"u8) || start.StartsWith("lmgg"u8) || start.StartsWith("algg"u8) =>
                "it is a GGML file from before GGUF. Download a GGUF version of the model.",
            _ when IsHtml(text) =>
                "it is a web page, not a GGUF file: the address it was downloaded from shows or protects the model. Download the file itself.",
            _ when text.StartsWith("{"u8) =>
                "it is a JSON document, not a GGUF file. Download the model file itself.",
            _ when !start.ContainsAnyExcept((byte)0) =>
                "it starts with zeros: the download reserved its space and did not finish. Download it again.",
            _ => $"it does not start with 'GGUF' but with the bytes {Convert.ToHexString(start[..Math.Min(4, start.Length)])}. " +
                "Choose a GGUF file, or download it again.",
        };
    }

    /// <summary>A safetensors file starts with the 64-bit length of a JSON header, and the header.</summary>
    private static bool IsSafetensors(ReadOnlySpan<byte> start) =>
        start.Length > 9 && BinaryPrimitives.ReadUInt64LittleEndian(start) <= 100_000_000 && start[8..].StartsWith("{\""u8);

    private static bool IsHtml(ReadOnlySpan<byte> text) => StartsWithIgnoreCase(text, "<!doctype html"u8) || StartsWithIgnoreCase(text, "<html"u8);

    private static bool StartsWith(ReadOnlySpan<byte> start, params ReadOnlySpan<byte> prefix) => start.StartsWith(prefix);

    private static bool StartsWithIgnoreCase(ReadOnlySpan<byte> text, ReadOnlySpan<byte> prefix) =>
        text.Length >= prefix.Length && Ascii.EqualsIgnoreCase(text[..prefix.Length], prefix);
}
