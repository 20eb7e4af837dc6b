namespace LlamaProvider.Devices;

/// <summary>How a model is spread over several GPUs (llama.cpp's <c>--split-mode</c>).</summary>
public enum LlamaSplitMode
{
    /// <summary>The whole model on one GPU.</summary>
    None = 0,

    /// <summary>Each GPU has some of the layers, with their keys and values. One after the other works, so that memory adds up and speed does not.</summary>
    Layer = 1,

    /// <summary>Each GPU has some rows of every large matrix, so that they work at the same time; an error where the back end cannot do that (<see cref="LlamaDevice.CanSplitRows"/>).</summary>
    Row = 2,
}
