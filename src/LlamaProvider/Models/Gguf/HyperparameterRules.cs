using System.Globalization;

namespace LlamaProvider.Models.Gguf;

/// <summary>
/// The numbers that llama.cpp divides by, indexes with or asserts (<c>load_hparams</c> of src/llama-model.cpp and the functions it calls).
/// A rule about an optional key applies where the key exists.
/// </summary>
internal static class HyperparameterRules
{
    /// <summary>LLAMA_POOLING_TYPE_RANK; building the graph of any other aborts the process.</summary>
    private const uint LargestPoolingType = 4;

    /// <summary>Sizes and counts that only some architectures have, and that those divide by or assert; with the smallest value that works.</summary>
    private static readonly (string Name, uint Smallest)[] Sizes =
    [
        ("attention.indexer.block_size", 1), ("attention.output_group_count", 1), ("block_size", 1),
        ("experts_per_group", 1), ("full_attention_interval", 1), ("hrm.h_cycles", 1), ("hrm.l_cycles", 1), ("hrm.layers_per_stack", 1),
        ("kda.head_dim", 1), ("num_loops", 1), ("shortconv.l_cache", 2), ("ssm.conv_kernel", 1), ("ssm.inner_size", 1), ("ssm.state_size", 1),
        ("ssm.time_step_rank", 1), ("wkv.head_size", 1),
    ];

    public static void Check(GgufFile file, IReadOnlyList<GgufFile> shards, int vocabularySize)
    {
        var model = new Hyperparameters(file, file.GetText("general.architecture")!);
        model.Require("context_length", 1, GgufLimits.ContextLength);
        var width = model.Require("embedding_length", 1, GgufLimits.Width);
        var layers = model.Require("block_count", 1, GgufLimits.Layers);
        model.Find("nextn_predict_layers", 0, layers - 1);
        model.Find("embedding_length_out", 0, width);
        model.Find("pooling_type", 0, LargestPoolingType);
        AttentionRules.Check(model, shards, layers, width);
        ExpertRules.Check(model, layers);
        RecurrentRules.Check(model, width);
        CheckSizes(model, layers);
        CheckEpsilons(file);
        CheckVocabularySize(model, vocabularySize);
    }

    private static void CheckSizes(Hyperparameters model, uint layers)
    {
        foreach (var (name, smallest) in Sizes)
        {
            model.FindIfNumber(name, smallest, uint.MaxValue);
        }

        // Such a model runs its layers several times, and each run counts as a layer.
        model.FindIfNumber("num_loops", 1, GgufLimits.Layers / layers);
    }

    /// <summary>A norm divides by the root of a mean plus epsilon, and ggml asserts that it is not negative.</summary>
    private static void CheckEpsilons(GgufFile file)
    {
        foreach (var key in file.Metadata.Keys.Where(key => key.EndsWith("_epsilon", StringComparison.Ordinal)))
        {
            if (file.Metadata[key].AsFloat32() is { } epsilon && !(float.IsFinite(epsilon) && epsilon >= 0))
            {
                throw file.Error(
                    string.Create(CultureInfo.InvariantCulture, $"'{key}' is {epsilon}; it must be a number that is not negative. " +
                        $"{Remedy.ConvertAgain}"));
            }
        }
    }

    private static void CheckVocabularySize(Hyperparameters model, int vocabularySize)
    {
        var stated = model.Find("vocab_size", 0, uint.MaxValue);
        if (stated is not null && stated != vocabularySize)
        {
            throw model.Error("vocab_size", $"is {stated}; the vocabulary has {vocabularySize} tokens. {Remedy.ConvertAgain}");
        }
    }
}
