namespace LlamaProvider.Models.Gguf;

/// <summary>GGUF also stores things that are no language model; llama.cpp reports them, if at all, as missing keys.</summary>
internal static class ModelKindRules
{
    public static void Check(GgufFile file)
    {
        var kind = file.GetText("general.type");
        if (kind is not (null or "model"))
        {
            throw file.Error(kind switch
            {
                "adapter" => "it is a LoRA adapter ('general.type' is 'adapter'), which cannot run by itself. Load its base model.",
                "mmproj" => "it is a multimodal projector ('general.type' is 'mmproj'), which cannot run by itself. " +
                    "Load the language model it belongs to.",
                _ => $"'general.type' is '{kind}'; a language model has 'model'. Choose the model file.",
            });
        }

        var architecture = file.GetText("general.architecture");
        if (string.IsNullOrEmpty(architecture))
        {
            throw file.Error($"'general.architecture' is missing or no text; it names how the model is built. {Remedy.ConvertAgain}");
        }

        if (architecture == "clip")
        {
            throw file.Error("it is a multimodal projector ('general.architecture' is 'clip'), which cannot run by itself. Load the language " +
                "model it belongs to.");
        }
    }
}
