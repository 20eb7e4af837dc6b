using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Chat;

/// <summary>What <see cref="ChatOptions.ModelId"/> may be: the model's name, or its file by path or name, with <c>.gguf</c> or without; case does not count.</summary>
/// <param name="name">The model's name.</param>
/// <param name="path">Its file; <see langword="null"/> for a model that was not loaded from one.</param>
internal sealed class ModelNames(string name, string? path)
{
    private readonly string? _file = path is null ? null : Path.GetFileName(path);

    /// <exception cref="OptionNotSupportedException">It is another model.</exception>
    public void Require(string? modelId)
    {
        if (modelId is null || Means(modelId, name) || Means(modelId, path) || Means(modelId, _file) || Means(modelId, Path.GetFileNameWithoutExtension(path)))
        {
            return;
        }

        string file = _file is null ? "" : $" ('{_file}')";
        throw new OptionNotSupportedException(
            nameof(ChatOptions.ModelId), $"ModelId is '{modelId}', but this client runs '{name}'{file}. Leave it unset, or create a client on an engine with that model.");
    }

    private static bool Means(string modelId, string? known) => string.Equals(modelId, known, StringComparison.OrdinalIgnoreCase);
}
