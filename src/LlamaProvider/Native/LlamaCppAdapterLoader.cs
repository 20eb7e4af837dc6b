using LlamaProvider.Models;
using LlamaProvider.Models.Gguf;
using LlamaProvider.Native.Handles;
using LlamaProvider.Native.Interop;
using LlamaProvider.Native.Logging;

namespace LlamaProvider.Native;

/// <summary>Loads LoRA adapters for a model. Before any context is created, since llama.cpp sizes a context's graphs for the adapters that it knows then.</summary>
internal static class LlamaCppAdapterLoader
{
    /// <summary>Loads adapters; the model frees them with itself.</summary>
    /// <exception cref="AdapterLoadException">A file is not an adapter of this model.</exception>
    public static Dictionary<string, nint> Load(string modelPath, ModelHandle model, IReadOnlyDictionary<string, string> files)
    {
        var adapters = new Dictionary<string, nint>(StringComparer.Ordinal);
        foreach ((string name, string path) in files)
        {
            AdapterValidator.Validate(modelPath, name, path);
            using NativeLog.Capture errors = NativeLog.CaptureErrors();
            nint adapter = LibLlama.AdapterLoad(model, path);
            if (adapter == 0)
            {
                throw new AdapterLoadException(name, path, $"llama.cpp refuses it: {errors.Summary}. Check that it was made for this model, and convert it anew.");
            }

            adapters.Add(name, adapter);
        }

        return adapters;
    }
}
