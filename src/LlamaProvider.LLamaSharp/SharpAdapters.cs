using LLama.Native;
using LlamaProvider.Models.Gguf;

namespace LlamaProvider.LLamaSharp;

/// <summary>Loads LoRA adapters for a model.</summary>
internal static class SharpAdapters
{
    /// <summary>Loads adapters; the native model frees them with itself.</summary>
    /// <remarks>LLamaSharp does not tell whether llama.cpp has taken one. <see cref="AdapterValidator"/> checks all that llama.cpp does, so none gets there that would be refused.</remarks>
    /// <exception cref="LlamaProvider.Models.AdapterLoadException">A file is not an adapter of this model.</exception>
    /// <exception cref="ArgumentException">The model's file is not named.</exception>
    public static Dictionary<string, LoraAdapter> Load(SafeLlamaModelHandle model, LLamaSharpModelOptions options)
    {
        var adapters = new Dictionary<string, LoraAdapter>(StringComparer.Ordinal);
        foreach ((string name, string path) in options.Adapters)
        {
            if (options.ModelPath is null)
            {
                throw new ArgumentException(
                    $"{nameof(options.Adapters)} names '{name}', but {nameof(options.ModelPath)} is not set, against which adapters are checked. Name the file that the weights were loaded from.",
                    nameof(options));
            }

            AdapterValidator.Validate(options.ModelPath, name, path);
            adapters.Add(name, model.LoadLoraFromFile(path));
        }

        return adapters;
    }
}
