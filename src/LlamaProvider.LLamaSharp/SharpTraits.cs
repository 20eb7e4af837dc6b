using LLama.Native;
using LlamaProvider.Decoding.Model;
using LlamaProvider.Models;
using LlamaProvider.Models.Gguf;
using LlamaProvider.Native;

namespace LlamaProvider.LLamaSharp;

/// <summary>What kind of model it is, as far as LLamaSharp and the metadata tell.</summary>
internal static class SharpTraits
{
    /// <summary>Keys of layers with a running state: state space models and their hybrids, short convolutions, RWKV. LLamaSharp says of none whether it is a hybrid.</summary>
    private static readonly string[] RunningState = ["ssm.conv_kernel", "ssm.state_size", "shortconv.l_cache", "wkv.head_size"];

    public static void CheckUsable(SafeLlamaModelHandle model, string name)
    {
        if (model.Vocab.Type == LLamaVocabType.None || model.Vocab.Count == 0)
        {
            throw new ModelLoadException(name, "it has no vocabulary, so no text can be read or written with it. Convert the model with its tokenizer.");
        }

        if (model.HasEncoder)
        {
            throw new ModelLoadException(name, "it has an encoder of its own, but only decoder models and encoders like BERT are supported. Choose another model.");
        }

        if (model.IsDiffusion)
        {
            throw new ModelLoadException(name, "it is a diffusion model, but only models that generate token by token are supported. Choose another model.");
        }
    }

    /// <summary>Whether a model has a rank head cannot be seen, and llama.cpp ends the process over one that is ranked with and has none; so there is none here.</summary>
    public static ModelCapabilities Capabilities(SafeLlamaModelHandle model, IReadOnlyDictionary<string, string> metadata, string architecture)
    {
        bool? causal = metadata.TryGetValue(ModelTraits.CausalKey(architecture), out string? text) && bool.TryParse(text, out bool value) ? value : null;
        var traits = new ModelTraits(HasRankHead: false, ModelTraits.IsBidirectional(architecture, causal));
        bool keepsRunningState = model.IsRecurrent || RunningState.Any(key => metadata.ContainsKey($"{architecture}.{key}"));
        return MemoryCapabilities.Of(keepsRunningState, (int)model.RopeType, traits);
    }
}
