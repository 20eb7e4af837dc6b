using LlamaProvider.Decoding.Model;

namespace LlamaProvider.ModelTests;

/// <summary>Options under which llama.cpp rounds as little as it can, for comparisons with computations in 32 bits: keys and values in full, no flash attention, one thread.</summary>
internal static class ExactOptions
{
    public static ContextOptions Context { get; } = new()
    {
        ContextLength = 2048,
        Sequences = 1,
        BatchTokens = 512,
        Outputs = 512,
        Threads = 1,
        KeyType = KvCacheType.F32,
        ValueType = KvCacheType.F32,
        FlashAttention = FlashAttention.Off,
    };

    public static LlamaEngineOptions Engine(string path, int? contextLength = null) => new()
    {
        ModelPath = path,
        ContextLength = contextLength,
        Threads = Context.Threads,
        KeyType = Context.KeyType,
        ValueType = Context.ValueType,
        FlashAttention = Context.FlashAttention,
    };
}
