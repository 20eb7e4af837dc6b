using System.Text.Json.Serialization;
using LlamaProvider.Models.Info;
using LlamaProvider.Models.Memory;

namespace LlamaProvider.Tool.Models;

/// <summary>What <c>show</c> shows.</summary>
internal sealed record ModelSheet
{
    public required string Path { get; init; }

    public required int Files { get; init; }

    public required string? Name { get; init; }

    public required string Architecture { get; init; }

    public required string? License { get; init; }

    /// <summary>How the weights are stored; <see langword="null"/> when the file does not say.</summary>
    public required string? Type { get; init; }

    public required long Parameters { get; init; }

    public required double BitsPerWeight { get; init; }

    public required long FileBytes { get; init; }

    public required int ContextLength { get; init; }

    public required int Layers { get; init; }

    public required int HiddenSize { get; init; }

    public required int Vocabulary { get; init; }

    public required bool HasChatTemplate { get; init; }

    public required string? Pooling { get; init; }

    public required MemoryEstimate Memory { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<LlamaTensorInfo>? Tensors { get; init; }

    public static ModelSheet Of(string path, LlamaModelInfo info, MemoryEstimate memory, bool metadata, bool tensors) => new()
    {
        Path = path,
        Files = info.Files.Count,
        Name = info.Name,
        Architecture = info.Architecture,
        License = info.License,
        Type = info.FileType?.Name,
        Parameters = info.ParameterCount,
        BitsPerWeight = info.BitsPerWeight,
        FileBytes = info.FileBytes,
        ContextLength = info.ContextLength,
        Layers = info.LayerCount,
        HiddenSize = info.HiddenSize,
        Vocabulary = info.VocabularySize,
        HasChatTemplate = info.ChatTemplate is not null,
        Pooling = info.Pooling,
        Memory = memory,
        Metadata = metadata ? info.Metadata : null,
        Tensors = tensors ? info.Tensors : null,
    };
}
