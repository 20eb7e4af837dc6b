namespace LlamaProvider.Devices;

/// <summary>A device that llama.cpp can compute on.</summary>
/// <param name="Name">How options name it, such as <c>CUDA0</c>.</param>
/// <param name="Description">What its driver says of it.</param>
/// <param name="BackEnd">The back end that drives it, such as <c>CUDA</c>, <c>Vulkan</c> or <c>CPU</c>.</param>
/// <param name="Kind">What it is.</param>
/// <param name="FreeBytes">Memory that was free when it was asked; 0 when its driver does not say.</param>
/// <param name="TotalBytes">Memory in all; 0 when its driver does not say.</param>
/// <param name="CanSplitRows">Whether its back end can share matrices with other GPUs (<see cref="LlamaSplitMode.Row"/>).</param>
public sealed record LlamaDevice(string Name, string Description, string BackEnd, LlamaDeviceKind Kind, long FreeBytes, long TotalBytes, bool CanSplitRows)
{
    /// <summary>Whether layers of a model can be placed on it.</summary>
    public bool IsGpu => Kind is LlamaDeviceKind.Gpu or LlamaDeviceKind.IntegratedGpu;
}
