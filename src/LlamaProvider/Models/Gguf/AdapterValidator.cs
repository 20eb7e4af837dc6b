namespace LlamaProvider.Models.Gguf;

/// <summary>
/// Refuses, before native code sees it, a file that is no LoRA adapter of a model, or one that native code would end the process over.
/// </summary>
/// <remarks>
/// llama.cpp checks kind, architecture, pairs and two sides of each shape when it loads an adapter (src/llama-adapter.cpp), but reads keys by assertion; that the
/// inner sides, the experts and the element types fit is asserted only when a batch is computed. Here all of it is checked at once.
/// </remarks>
internal static class AdapterValidator
{
    private const string SuffixA = ".lora_a";
    private const string SuffixB = ".lora_b";

    /// <summary>Returns if the adapter may be given to native code.</summary>
    /// <param name="modelPath">The base model's file, which has been validated; of a split model the first shard.</param>
    /// <param name="name">The name that the adapter is registered by.</param>
    /// <param name="path">Its file.</param>
    /// <exception cref="AdapterLoadException">The file breaks a rule; the message says which and what to do.</exception>
    public static void Validate(string modelPath, string name, string path)
    {
        try
        {
            using var file = GgufFile.Open(path);
            using var model = GgufFile.Open(modelPath);
            using var shards = GgufShards.Open(model);
            CheckKind(file, model.GetText("general.architecture"));
            TensorRules.Check([file]);
            CheckTensors(file, shards.Files.SelectMany(shard => shard.Tensors).ToDictionary(tensor => tensor.Name, StringComparer.Ordinal));
        }
        catch (ModelLoadException error)
        {
            throw new AdapterLoadException(name, path, error.Problem, error);
        }
        catch (IOException error)
        {
            throw new AdapterLoadException(name, path, GgufFile.Unreadable(path, error).Problem, error);
        }
    }

    private static void CheckKind(GgufFile file, string? architecture)
    {
        Require(file, "general.type", "adapter", "Choose the adapter's file.");
        Require(file, "adapter.type", "lora", "Only LoRA adapters are supported.");
        Require(file, "general.architecture", architecture, "Choose an adapter that was made for this model.");
        if (file.Metadata.TryGetValue("adapter.lora.alpha", out var alpha) && alpha.AsFloat32() is not float)
        {
            throw file.Error($"'adapter.lora.alpha' is {alpha.TypeName}; it must be f32. {Remedy.ConvertAgain}");
        }

        if (file.Metadata.ContainsKey("adapter.alora.invocation_tokens"))
        {
            throw file.Error("it is an activated LoRA ('adapter.alora.invocation_tokens'), which acts only behind certain tokens. Choose an adapter that always acts.");
        }
    }

    private static void Require(GgufFile file, string key, string? expected, string remedy)
    {
        var value = file.GetText(key);
        if (value != expected)
        {
            throw file.Error($"'{key}' is {(value is null ? "missing or no text" : $"'{value}'")}; it must be '{expected}'. {remedy}");
        }
    }

    private static void CheckTensors(GgufFile file, Dictionary<string, GgufTensor> model)
    {
        var parts = file.Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        foreach (var tensor in file.Tensors)
        {
            if (tensor.Name.EndsWith(SuffixA, StringComparison.Ordinal))
            {
                CheckPair(file, tensor, Partner(file, parts, tensor, SuffixA, SuffixB), model);
            }
            else if (tensor.Name.EndsWith(SuffixB, StringComparison.Ordinal))
            {
                Partner(file, parts, tensor, SuffixB, SuffixA);
            }
            else if (!tensor.Name.EndsWith("_norm.weight", StringComparison.Ordinal))
            {
                throw file.Error($"tensor '{tensor.Name}' is no part of a LoRA adapter: its name must end in '{SuffixA}' or '{SuffixB}'. {Remedy.ConvertAgain}");
            }
        }
    }

    private static GgufTensor Partner(GgufFile file, Dictionary<string, GgufTensor> parts, GgufTensor tensor, string suffix, string other) =>
        parts.GetValueOrDefault(tensor.Name[..^suffix.Length] + other)
            ?? throw file.Error($"tensor '{tensor.Name}' has no partner '{tensor.Name[..^suffix.Length]}{other}'. {Remedy.ConvertAgain}");

    private static void CheckPair(GgufFile file, GgufTensor a, GgufTensor b, Dictionary<string, GgufTensor> model)
    {
        var name = a.Name[..^SuffixA.Length];
        if (!model.TryGetValue(name, out var tensor))
        {
            throw file.Error($"it changes the tensor '{name}', which the model does not have. Choose an adapter that was made for this model.");
        }

        foreach (var part in (GgufTensor[])[a, b])
        {
            var type = GgmlType.Find(part.TypeId)!;
            if (!type.IsMatrix)
            {
                throw file.Error($"tensor '{part.Name}' has type {type.Name}, in which weights cannot be multiplied. {Remedy.ConvertAgain}");
            }
        }

        // Embeddings are looked up, not multiplied, so both parts of their pair are stored the other way round.
        bool fits = name.EndsWith("token_embd.weight", StringComparison.Ordinal)
            ? tensor.RowLength == b.Dimension(1) && tensor.Dimension(1) == a.Dimension(1) && a.RowLength == b.RowLength
            : tensor.RowLength == a.RowLength && tensor.Dimension(1) == b.Dimension(1) && a.Dimension(1) == b.RowLength;
        if (!fits || !SameOuter(a, tensor) || !SameOuter(b, tensor))
        {
            throw file.Error(
                $"tensors '{a.Name}' {a.Shape} and '{b.Name}' {b.Shape} do not fit the model's '{name}' {tensor.Shape}. Choose an adapter that was made for this model.");
        }
    }

    private static bool SameOuter(GgufTensor part, GgufTensor tensor) =>
        part.Dimension(2) == tensor.Dimension(2) && part.Dimension(3) == tensor.Dimension(3);
}
