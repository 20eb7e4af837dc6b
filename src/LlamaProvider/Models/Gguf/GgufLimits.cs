namespace LlamaProvider.Models.Gguf;

/// <summary>
/// What a file may claim before it is refused. Values follow llama.cpp v0.5.0 (ggml/src/gguf.cpp, ggml.h, src/llama-hparams.h) where it has a
/// limit of its own; the others keep a hostile file from costing minutes or gigabytes while staying far above published models.
/// </summary>
internal static class GgufLimits
{
    /// <summary>llama.cpp compares each key with all earlier ones; published files have fewer than 200.</summary>
    public const int MetadataEntries = 1 << 14;

    /// <summary>llama.cpp compares each tensor name with all earlier ones; published models have at most a few thousand.</summary>
    public const int Tensors = 1 << 15;

    /// <summary>The GGUF specification's limit of a key.</summary>
    public const int KeyBytes = ushort.MaxValue;

    /// <summary>GGML_MAX_NAME is 64 and includes the terminator.</summary>
    public const int TensorNameBytes = 63;

    /// <summary>GGML_MAX_DIMS.</summary>
    public const int Dimensions = 4;

    /// <summary>GGUF_MAX_STRING_LENGTH.</summary>
    public const long StringBytes = 1L << 30;

    /// <summary>GGUF_MAX_ARRAY_ELEMENTS.</summary>
    public const long ArrayElements = 1L << 30;

    /// <summary>The longest metadata string handed out as text; published chat templates have tens of kilobytes.</summary>
    public const int TextBytes = 1 << 24;

    /// <summary>Logits are allocated per token; the largest published vocabulary has about 262,000.</summary>
    public const int VocabularyTokens = 1 << 22;

    /// <summary>All token texts together; published vocabularies have a few megabytes.</summary>
    public const int VocabularyBytes = 1 << 28;

    /// <summary>LLAMA_MAX_LAYERS; a larger count aborts the process.</summary>
    public const uint Layers = 512;

    /// <summary>LLAMA_MAX_EXPERTS; a larger count aborts the process.</summary>
    public const uint Experts = 1024;

    /// <summary>Positions are 32-bit and padded to 256; the longest published context has about 10 million.</summary>
    public const uint ContextLength = 1u << 30;

    /// <summary>Widths are multiplied in 32 bits by llama.cpp; published models have less than 20,000.</summary>
    public const uint Width = 1u << 20;

    /// <summary>TENSOR_ALIGNMENT of ggml's CPU buffers: a mapped tensor at another address aborts the process.</summary>
    public const int MappedAlignment = 32;
}
