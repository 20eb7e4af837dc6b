namespace LlamaProvider.Models.Gguf;

/// <summary>
/// The numbers that llama.cpp divides by, indexes with or asserts (<c>load_hparams</c> of src/llama-model.cpp and the functions it calls).
/// A rule about an optional key applies where the key exists.
/// </summary>
internal static class HyperparameterRules
{
    public static void Check(GgufFile file, int vocabularySize)
    {
        var model = new Hyperparameters(file, file.GetText("general.architecture")!);
        model.Require("context_length", 1, GgufLimits.ContextLength);
        var width = model.Require("embedding_length", 1, GgufLimits.Width);
        var layers = model.Require("block_count", 1, GgufLimits.Layers);
        model.Find("nextn_predict_layers", 0, layers - 1);
        AttentionRules.Check(model, layers, width);
        ExpertRules.Check(model, layers);
        CheckVocabularySize(model, vocabularySize);
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
