namespace LlamaProvider.Models.Gguf;

/// <summary>What llama.cpp's interface does not tell of a model, and its file does.</summary>
/// <param name="HasRankHead">Whether it scores a document for a query.</param>
/// <param name="EvaluatesWholeTexts">Whether its tokens see those that follow them.</param>
internal readonly record struct ModelTraits(bool HasRankHead, bool EvaluatesWholeTexts)
{
    /// <summary>LLAMA_POOLING_TYPE_RANK.</summary>
    private const uint Rank = 4;

    public static ModelTraits Read(GgufFile file, IReadOnlyList<GgufFile> shards)
    {
        var architecture = file.GetText("general.architecture")!;
        return new ModelTraits(HasHead(file, shards, architecture), IsBidirectional(file, architecture));
    }

    /// <summary>
    /// A classification head is a rank head where the file pools by it, or says nothing of pooling, as older conversions of rerankers do. llama.cpp ends the process over a
    /// model that is to be ranked with and has no head, so the file's word alone is not enough.
    /// </summary>
    private static bool HasHead(GgufFile file, IReadOnlyList<GgufFile> shards, string architecture)
    {
        var pooling = file.Metadata.TryGetValue($"{architecture}.pooling_type", out var value) ? value.AsUInt32() : null;
        return pooling is null or Rank && shards.Any(shard => shard.Tensors.Any(tensor => tensor.Name is "cls.weight" or "cls.output.weight"));
    }

    private static bool IsBidirectional(GgufFile file, string architecture) =>
        IsBidirectional(architecture, file.Metadata.TryGetValue(CausalKey(architecture), out var causal) ? causal.AsBool() : null);

    /// <summary>The embedding model of the Gemma family is one by its architecture; its files do not say so.</summary>
    internal static bool IsBidirectional(string architecture, bool? causal) => architecture == "gemma-embedding" || causal == false;

    /// <summary>The key under which a file says whether its tokens see only those before them.</summary>
    internal static string CausalKey(string architecture) => $"{architecture}.attention.causal";
}
