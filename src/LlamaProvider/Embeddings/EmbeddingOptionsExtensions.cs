using System.Globalization;
using System.Text.Json;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Embeddings;

/// <summary>This library's options of one request, on <see cref="EmbeddingGenerationOptions"/>.</summary>
public static class EmbeddingOptionsExtensions
{
    /// <summary>Says what the texts are, and so which prefix they get; stored under <c>llama.input_type</c>.</summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="inputType">What they are. Default: <see cref="LlamaEmbeddingGeneratorOptions.InputType"/>.</param>
    /// <returns>The options.</returns>
    public static EmbeddingGenerationOptions UseInputType(this EmbeddingGenerationOptions options, EmbeddingInputType inputType) =>
        Enum.IsDefined(inputType)
            ? Set(options, LlamaOptionKeys.InputType, inputType == EmbeddingInputType.Query ? "\"query\"" : "\"document\"")
            : throw new ArgumentOutOfRangeException(nameof(inputType), inputType, "The input type must be Document or Query.");

    /// <summary>Says whether the end of a text that is too long is cut off, instead of an error; stored under <c>llama.truncate</c>.</summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="truncate">Whether it is. Default: <see cref="LlamaEmbeddingGeneratorOptions.Truncate"/>.</param>
    /// <returns>The options.</returns>
    public static EmbeddingGenerationOptions UseTruncation(this EmbeddingGenerationOptions options, bool truncate = true) =>
        Set(options, LlamaOptionKeys.Truncate, truncate ? "true" : "false");

    /// <summary>
    /// Gives the texts a priority among all requests of the engine; stored under <c>llama.priority</c>. A negative one lets a long list of documents wait behind chats.
    /// </summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="priority">The priority. Default: 0. Range: any.</param>
    /// <returns>The options.</returns>
    public static EmbeddingGenerationOptions UsePriority(this EmbeddingGenerationOptions options, int priority) =>
        Set(options, LlamaOptionKeys.Priority, priority.ToString(CultureInfo.InvariantCulture));

    private static EmbeddingGenerationOptions Set(EmbeddingGenerationOptions options, string key, string json)
    {
        ArgumentNullException.ThrowIfNull(options);
        (options.AdditionalProperties ??= [])[key] = JsonElement.Parse(json);
        return options;
    }
}
