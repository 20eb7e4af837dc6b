namespace LlamaProvider.Decoding.Model;

/// <summary>Whether attention is computed in one fused pass.</summary>
public enum FlashAttention
{
    /// <summary>The runtime decides from the devices in use.</summary>
    Auto,

    /// <summary>Never. Comparisons with other implementations want this.</summary>
    Off,

    /// <summary>Always.</summary>
    On,
}
