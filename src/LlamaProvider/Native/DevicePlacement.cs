using LlamaProvider.Devices;
using LlamaProvider.Options;

namespace LlamaProvider.Native;

/// <summary>Where a model's layers go: what the options ask for, checked against the devices that are there.</summary>
/// <param name="SplitMode">How several GPUs share it; <see langword="null"/> for llama.cpp's own way.</param>
/// <param name="Devices">The GPUs that are used, by their place among all devices, the main one first; <see langword="null"/> for those that llama.cpp chooses.</param>
internal readonly record struct DevicePlacement(LlamaSplitMode? SplitMode, int[]? Devices)
{
    /// <param name="options">What is asked for.</param>
    /// <param name="devices">The devices that are there.</param>
    /// <param name="explainMissingGpu">Says why none of them is a GPU.</param>
    /// <exception cref="InvalidOptionsException">A GPU is asked for that is not there.</exception>
    public static DevicePlacement Of(LlamaCppModelOptions options, IReadOnlyList<LlamaDevice> devices, Func<string> explainMissingGpu)
    {
        int[] gpus = [.. Enumerable.Range(0, devices.Count).Where(index => devices[index].IsGpu)];
        int main = Array.FindIndex(gpus, index => devices[index].Name.Equals(options.MainDevice, StringComparison.OrdinalIgnoreCase));
        var errors = new List<string>();
        if (options.GpuLayers > 0 && gpus.Length == 0)
        {
            errors.Add($"{nameof(LlamaEngineOptions.GpuLayers)} is {options.GpuLayers}, but {NoGpu(explainMissingGpu)}");
        }

        if (options.MainDevice is { } name && main < 0)
        {
            errors.Add($"{nameof(LlamaEngineOptions.MainDevice)} is '{name}', but " + (gpus.Length == 0
                ? NoGpu(explainMissingGpu)
                : $"the GPUs here are {string.Join(", ", gpus.Select(index => devices[index].Name))}. Name one of them, or leave the option unset."));
        }

        if (options.SplitMode == LlamaSplitMode.Row && gpus.FirstOrDefault(index => !devices[index].CanSplitRows, -1) is >= 0 and var unable)
        {
            errors.Add($"{nameof(LlamaEngineOptions.SplitMode)} is Row, but the back end {devices[unable].BackEnd} of {devices[unable].Name} cannot split matrices. Choose Layer or None, or leave the option unset.");
        }

        if (errors.Count > 0)
        {
            throw new InvalidOptionsException(nameof(LlamaEngineOptions), errors);
        }

        return options.MainDevice is null ? new DevicePlacement(options.SplitMode, null)
            : options.SplitMode == LlamaSplitMode.Row ? new DevicePlacement(LlamaSplitMode.Row, [gpus[main], .. gpus.Where((_, index) => index != main)])
            : new DevicePlacement(LlamaSplitMode.None, [gpus[main]]);
    }

    private static string NoGpu(Func<string> explainMissingGpu) => $"there is no GPU: {explainMissingGpu()} Or leave the option unset, which uses the CPU where there is no GPU.";
}
