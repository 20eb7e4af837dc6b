namespace LlamaProvider.Decoding.Model;

/// <summary>Numeric format of cached keys or values.</summary>
public enum KvCacheType
{
    /// <summary>16-bit floats.</summary>
    F16,

    /// <summary>32-bit floats: exact, twice the memory.</summary>
    F32,

    /// <summary>8-bit blocks of 32 with one scale: about half the memory of <see cref="F16"/>.</summary>
    Q8_0,

    /// <summary>4-bit blocks of 32 with one scale: about a quarter of the memory of <see cref="F16"/>.</summary>
    Q4_0,
}

internal static class KvCacheTypes
{
    public static bool IsQuantized(this KvCacheType type) => type is KvCacheType.Q8_0 or KvCacheType.Q4_0;
}
