namespace LlamaProvider.Devices;

/// <summary>What a device is.</summary>
public enum LlamaDeviceKind
{
    /// <summary>The processor.</summary>
    Cpu = 0,

    /// <summary>A graphics card with memory of its own.</summary>
    Gpu = 1,

    /// <summary>A graphics unit that shares the processor's memory.</summary>
    IntegratedGpu = 2,

    /// <summary>What works beside the processor in its memory, such as a matrix unit.</summary>
    Accelerator = 3,

    /// <summary>A kind that this library does not know.</summary>
    Other = 4,
}
