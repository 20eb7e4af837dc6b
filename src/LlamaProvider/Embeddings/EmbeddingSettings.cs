using System.Text.Json;
using LlamaProvider.Chat;
using LlamaProvider.Options;
using Microsoft.Extensions.AI;

namespace LlamaProvider.Embeddings;

/// <summary>What a request wants, read from its options: what is set is done or refused, never dropped.</summary>
/// <param name="Dimensions">How many values are returned.</param>
/// <param name="Prefix">What stands before each text.</param>
/// <param name="Truncate">Whether texts that are too long are cut.</param>
/// <param name="Priority">How they stand among other requests.</param>
internal sealed record EmbeddingSettings(int Dimensions, string Prefix, bool Truncate, int Priority)
{
    /// <exception cref="OptionNotSupportedException">An option cannot be honoured.</exception>
    public static EmbeddingSettings Read(
        EmbeddingGenerationOptions? options, LlamaEmbeddingGeneratorOptions defaults, ModelNames model, int hiddenSize, IEmbeddingGenerator generator)
    {
        model.Require(options?.ModelId);
        RefuseUnknown(options, generator);
        int dimensions = options?.Dimensions ?? defaults.Dimensions ?? hiddenSize;
        if (dimensions < 1 || dimensions > hiddenSize)
        {
            throw new OptionNotSupportedException(
                nameof(EmbeddingGenerationOptions.Dimensions),
                $"Dimensions is {dimensions}, but this model's vectors have {hiddenSize} values. Choose 1 to {hiddenSize}, or leave it unset.");
        }

        EmbeddingInputType type = Find(options, LlamaOptionKeys.InputType, "\"document\" or \"query\"", ToInputType) ?? defaults.InputType;
        return new EmbeddingSettings(
            dimensions,
            type == EmbeddingInputType.Query ? defaults.QueryPrefix : defaults.DocumentPrefix,
            Find(options, LlamaOptionKeys.Truncate, "true or false", ToFlag) ?? defaults.Truncate,
            Find(options, LlamaOptionKeys.Priority, "a whole number", ToWholeNumber) ?? 0);
    }

    private static void RefuseUnknown(EmbeddingGenerationOptions? options, IEmbeddingGenerator generator)
    {
        if (options?.RawRepresentationFactory?.Invoke(generator) is { } raw)
        {
            throw new OptionNotSupportedException(
                nameof(options.RawRepresentationFactory),
                $"RawRepresentationFactory returned a {raw.GetType()}, but this generator has no options of its own form. Return null for it.");
        }

        foreach (string key in options?.AdditionalProperties?.Keys ?? Enumerable.Empty<string>())
        {
            if (key.StartsWith(LlamaOptionKeys.Prefix, StringComparison.Ordinal)
                && key is not (LlamaOptionKeys.InputType or LlamaOptionKeys.Truncate or LlamaOptionKeys.Priority))
            {
                throw new OptionNotSupportedException(
                    key, $"{key} is set, but embeddings have no such option. Use {LlamaOptionKeys.InputType}, {LlamaOptionKeys.Truncate} or {LlamaOptionKeys.Priority}, or remove it.");
            }
        }
    }

    private static T? Find<T>(EmbeddingGenerationOptions? options, string key, string rule, Func<JsonElement, T?> convert)
        where T : struct
    {
        object? value = null;
        options?.AdditionalProperties?.TryGetValue(key, out value);
        if (value is null)
        {
            return null;
        }

        JsonElement json = OptionValue.ToElement(key, value);
        return convert(json)
            ?? throw new OptionNotSupportedException(key, $"{key} is {json.GetRawText()}, but must be {rule}. Change the option or leave it unset.");
    }

    private static EmbeddingInputType? ToInputType(JsonElement json) => json.ValueKind != JsonValueKind.String ? null
        : json.ValueEquals("query") ? EmbeddingInputType.Query
        : json.ValueEquals("document") ? EmbeddingInputType.Document
        : null;

    private static bool? ToFlag(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    private static int? ToWholeNumber(JsonElement json) =>
        json.ValueKind == JsonValueKind.Number && json.TryGetDouble(out double number) && number == Math.Truncate(number) && Math.Abs(number) <= int.MaxValue ? (int)number : null;
}
