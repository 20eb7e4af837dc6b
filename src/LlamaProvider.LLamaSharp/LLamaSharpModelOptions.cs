namespace LlamaProvider.LLamaSharp;

/// <summary>What LLamaSharp does not tell of the weights it has loaded.</summary>
public sealed class LLamaSharpModelOptions
{
    /// <summary>
    /// The GGUF file that the weights were loaded from. With it, saved states belong to the file, and adapters can be checked against it. Without it, states are told apart by metadata and vocabulary, which fine-tuned
    /// variants of one model may have in common. Default: <see langword="null"/>.
    /// </summary>
    public string? ModelPath { get; set; }

    /// <summary>LoRA adapters that requests may choose, files by name. They are loaded with the model and need <see cref="ModelPath"/>. Default: none.</summary>
    public IDictionary<string, string> Adapters { get; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
