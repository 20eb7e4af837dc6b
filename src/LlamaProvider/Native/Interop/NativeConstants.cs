namespace LlamaProvider.Native.Interop;

/// <summary><c>llama_decode</c>'s return values that have a meaning of their own.</summary>
internal static class DecodeResult
{
    public const int Ok = 0;
    public const int NoSlot = 1;
    public const int Aborted = 2;
}

/// <summary><c>enum llama_token_attr</c>.</summary>
[Flags]
internal enum NativeTokenAttributes
{
    None = 0,
    Unknown = 1 << 0,
    Unused = 1 << 1,
    Normal = 1 << 2,
    Control = 1 << 3,
    UserDefined = 1 << 4,
    Byte = 1 << 5,
}

/// <summary>Values of <c>enum ggml_type</c> that a KV memory may have.</summary>
internal static class GgmlType
{
    public const int F32 = 0;
    public const int F16 = 1;
    public const int Q4_0 = 2;
    public const int Q8_0 = 8;
}

/// <summary><c>enum ggml_backend_dev_type</c>.</summary>
internal static class DeviceType
{
    public const int Cpu = 0;
    public const int Accelerator = 3;
}

/// <summary><c>enum llama_flash_attn_type</c>.</summary>
internal static class FlashAttentionType
{
    public const int Auto = -1;
    public const int Disabled = 0;
    public const int Enabled = 1;
}

/// <summary><c>enum llama_pooling_type</c>.</summary>
internal static class PoolingType
{
    public const int None = 0;
    public const int Rank = 4;
}

/// <summary><c>enum llama_load_mode</c>.</summary>
internal static class LoadMode
{
    public const int None = 0;
    public const int Mmap = 1;
    public const int Mlock = 2;
    public const int MmapMlock = 3;
}

/// <summary>Values of <c>enum llama_rope_type</c> that give a token several positions.</summary>
internal static class RopeType
{
    public const int Multiple = 8;
    public const int Vision = 24;
    public const int InterleavedMultiple = 40;
}

/// <summary><c>enum llama_vocab_type</c>.</summary>
internal static class VocabularyType
{
    public const int None = 0;
}

/// <summary><c>enum ggml_log_level</c>.</summary>
internal static class NativeLogLevel
{
    public const int None = 0;
    public const int Debug = 1;
    public const int Info = 2;
    public const int Warn = 3;
    public const int Error = 4;
    public const int Continue = 5;
}
