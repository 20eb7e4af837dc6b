namespace LlamaProvider.Models.Gguf;

/// <summary>
/// Refuses, before native code sees it, a file that native code would end the process over, or that is no usable language model.
/// </summary>
/// <remarks>
/// llama.cpp v0.5.0 reports most faults of a file by failing to load, but some by an assertion, an exception that leaves its C interface, a division
/// by zero or an access outside its memory; none of these can be caught here. The rules were found by reading its source and by loading mutated
/// files in child processes. They know no architecture by name where a key tells as much, so an architecture unknown to them stays loadable.
/// </remarks>
internal static class GgufValidator
{
    /// <summary>Returns if the model, with all its shards, may be given to native code.</summary>
    /// <param name="path">The model file; of a split model the first shard.</param>
    /// <returns>What only the file tells of the model.</returns>
    /// <exception cref="ModelLoadException">The file breaks a rule; the message says which and what to do.</exception>
    public static ModelTraits Validate(string path)
    {
        using var file = GgufFile.Open(path);
        try
        {
            return CheckRules(file);
        }
        catch (IOException exception)
        {
            throw GgufFile.Unreadable(path, exception);
        }
    }

    private static ModelTraits CheckRules(GgufFile file)
    {
        ModelKindRules.Check(file);
        using var shards = GgufShards.Open(file);
        TensorRules.Check(shards.Files);
        var vocabularySize = VocabularyRules.Check(file);
        HyperparameterRules.Check(file, shards.Files, vocabularySize);
        VocabularyRules.CheckEmbeddings(file, shards.Files, vocabularySize);
        return ModelTraits.Read(file, shards.Files);
    }
}
